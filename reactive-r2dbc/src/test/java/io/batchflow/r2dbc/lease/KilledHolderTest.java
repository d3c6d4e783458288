package io.batchflow.r2dbc.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.batchflow.testservers.Competitors;
import io.batchflow.testservers.LeaseWork;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Processes of their own compete, and the holder is killed, or stopped until another one has
 * worked. The fence accepts the work of one holder at a time. {@code -Dbatchflow.test.incidents}
 * sets how many are killed, and how many stopped.
 */
@Tag("server")
class KilledHolderTest {

  private static final int INCIDENTS = Integer.getInteger("batchflow.test.incidents", 1);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private record Accepted(long process, long token) {}

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "MARIADB"})
  void twoHoldersAreNeverBothAccepted(Kind kind) throws Exception {
    boolean postgres = kind == Kind.POSTGRES;
    try (LeaseDatabase database = kind.open()) {
      R2dbcLeaseStore.create(database.factory())
          .createTable()
          .then(run(database.factory(), table(postgres)))
          .block(PATIENCE);
      List<Duration> takeovers = new ArrayList<>();
      try (Competitors competitors =
          Competitors.start(
              3,
              LeaseProcess.class,
              database.server().r2dbcUrl(postgres ? "postgresql" : "mariadb", null),
              postgres
                  ? "SET idle_in_transaction_session_timeout = 500"
                  : "SET SESSION idle_transaction_timeout = 1")) {
        for (int i = 0; i < INCIDENTS; i++) {
          takeovers.add(competitors.kill());
          takeovers.add(competitors.stop());
        }
      }
      takeovers.sort(null);
      System.out.printf(
          "%s: %d incidents, ttl %d ms, new holder after %d ms at most, %d ms in the middle%n",
          kind,
          takeovers.size(),
          LeaseWork.TTL.toMillis(),
          takeovers.get(takeovers.size() - 1).toMillis(),
          takeovers.get(takeovers.size() / 2).toMillis());

      List<Accepted> accepted = accepted(database.factory());
      assertThat(accepted).extracting(Accepted::token).isSorted();
      Map<Long, Long> processOf = new HashMap<>();
      accepted.forEach(
          each ->
              assertThat(each.process())
                  .isEqualTo(processOf.computeIfAbsent(each.token(), token -> each.process())));
      assertThat(processOf).hasSizeGreaterThan(2 * INCIDENTS);
    }
  }

  private static String table(boolean postgres) {
    String id = postgres ? "BIGINT GENERATED ALWAYS AS IDENTITY" : "BIGINT NOT NULL AUTO_INCREMENT";
    return "CREATE TABLE accepted (id " + id + " PRIMARY KEY, process BIGINT, token BIGINT)";
  }

  private static Mono<Void> run(ConnectionFactory factory, String sql) {
    return Mono.usingWhen(
        factory.create(),
        connection ->
            Flux.from(connection.createStatement(sql).execute())
                .flatMap(Result::getRowsUpdated)
                .then(),
        Connection::close);
  }

  private static List<Accepted> accepted(ConnectionFactory factory) {
    return Flux.usingWhen(
            factory.create(),
            connection ->
                Flux.from(
                        connection
                            .createStatement("SELECT process, token FROM accepted ORDER BY id")
                            .execute())
                    .flatMap(
                        result ->
                            result.map(
                                row ->
                                    new Accepted(
                                        Objects.requireNonNull(row.get(0, Long.class)),
                                        Objects.requireNonNull(row.get(1, Long.class))))),
            Connection::close)
        .collectList()
        .blockOptional(PATIENCE)
        .orElseThrow();
  }
}
