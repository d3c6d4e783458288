package io.batchflow.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.QueueFullException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.guard.ContextName;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

/** Tenants that drive each other out, on real threads. */
class TenantFlowsRaceTest {

  private static final int TENANTS = 20;
  private static final int ROWS = 100;
  private static final int MOST = 4;

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();

  private final Map<String, RecordingWriter> writers = new ConcurrentHashMap<>();
  private final Queue<BatchFlow> flows = new ConcurrentLinkedQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();

  private BatchFlow flowOf(String tenant) {
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    RecordingWriter writer = writers.computeIfAbsent(tenant, name -> RecordingWriter.create());
    BatchFlow flow =
        BatchFlow.builder(new ClosingWriter(writer, open::decrementAndGet))
            .scheduler(Schedulers.parallel())
            .build();
    flows.add(flow);
    return flow;
  }

  @Test
  void eachRowIsWrittenOnceInTheOrderOfItsTenant() {
    TenantFlows tenants = TenantFlows.builder(this::flowOf).maxTenants(MOST).build();
    Flux.range(0, TENANTS)
        .parallel()
        .runOn(Schedulers.boundedElastic())
        .flatMap(
            tenant ->
                Flux.range(0, ROWS)
                    .concatMap(
                        id ->
                            Mono.defer(() -> tenants.submit(row(id)))
                                .retryWhen(
                                    Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(1))
                                        .filter(QueueFullException.class::isInstance))
                                .contextWrite(Context.of(ContextName.TENANT, "t" + tenant))))
        .sequential()
        .blockLast(Duration.ofMinutes(2));
    tenants.close().block(Duration.ofMinutes(1));

    assertThat(writers).hasSize(TENANTS);
    assertThat(writers.values())
        .allSatisfy(
            writer ->
                assertThat(writer.rows().stream().map(row -> row.value("id")).toList())
                    .containsExactlyElementsOf(Flux.range(0, ROWS).collectList().block()));
    assertThat(mostOpen.get()).isBetween(2, MOST);
    assertThat(open).hasValue(0);
    assertThat(tenants.size()).isZero();
    flows.forEach(LedgerAssertions::assertBalanced);
  }

  private static Row row(int id) {
    return ORDERS.row().set("id", id);
  }
}
