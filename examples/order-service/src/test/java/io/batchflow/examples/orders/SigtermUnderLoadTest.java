package io.batchflow.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The service gets a SIGTERM while many callers place orders on connections that stay open. */
@Tag("server")
class SigtermUnderLoadTest {

  /** How often; {@code -Dbatchflow.test.terms=20} in the nightly build. */
  private static final int TERMS = Integer.getInteger("batchflow.test.terms", 2);

  private static final int CALLERS = 64;
  private static final int ORDERS = 1_000;
  private static final int SIGTERM = 128 + 15;

  /** The phases of the shutdown: the default of Spring for the server, and as much for the flow. */
  private static final int PHASES_SECONDS = 60;

  /** Even a stalled caller uses each of its connections in this time. */
  private static final String DRAIN = "--batchflow.web.drain-time=5s";

  @Test
  void everyOrderThatTheServiceReadIsAnsweredAndThoseAnsweredWith201AreStored() throws Exception {
    for (int term = 1; term <= TERMS; term++) {
      try (TestDatabase database = TestDatabase.on(TestServers.postgres());
          ServiceProcess service = ServiceProcess.start(database.server(), DRAIN)) {
        OrderLoad.stock(service);
        OrderLoad load = OrderLoad.start(service, CALLERS);
        load.await(ORDERS, answer -> answer.status() == 201);

        service.terminate();

        assertThat(service.waitFor(PHASES_SECONDS)).as("term %d", term).isEqualTo(SIGTERM);
        load.stop();
        assertThat(load.answers(answer -> answer.status() == 0 && !answer.isRefused()))
            .as("term %d: connections that ended without an answer", term)
            .isEmpty();
        assertThat(StoredOrders.in(database.server())).as("term %d", term).isEqualTo(load.stored());
        assertThat(StoredOrders.withoutLine(database.server())).isEmpty();
      }
    }
  }
}
