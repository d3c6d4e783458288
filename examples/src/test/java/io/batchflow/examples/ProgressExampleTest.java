package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.Outcome;
import io.batchflow.Progress;
import io.batchflow.ProgressMeter;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An example to copy from: a load that reports its progress. */
class ProgressExampleTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();

  private final List<Progress> shown = new CopyOnWriteArrayList<>();

  private void show(Progress progress) {
    shown.add(progress);
  }

  private Flux<Outcome<Row>> load(BatchFlow flow, Flux<Row> rows) {
    ProgressMeter meter = flow.progressOf(1_000_000);
    meter.every(Duration.ofSeconds(1)).subscribe(this::show);
    Flux<Outcome<Row>> outcomes = flow.submitAll(rows).transform(meter::follow);
    return outcomes;
  }

  static Mono<Void> posts(ProgressMeter meter, URI url, String secret) {
    Mono<Void> posts =
        new ProgressWebhook(url, secret).follow("orders", meter.every(Duration.ofSeconds(5)));
    return posts;
  }

  @Test
  void aLoadReportsItsProgress() {
    BatchFlow flow =
        BatchFlow.builder(batch -> Mono.just(BatchResult.written(batch.size()))).build();

    load(flow, Flux.range(0, 1_000_000).map(id -> ORDERS.row().set("id", id))).blockLast();
    flow.close().block();

    Progress last = shown.get(shown.size() - 1);
    assertThat(last.written()).isEqualTo(1_000_000);
    assertThat(last.ended()).isTrue();
  }
}
