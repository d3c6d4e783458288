package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.journal.JournaledFlow;
import io.batchflow.journal.Receipt;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** An example to copy from: rows are safe on the disk before they are in the database. */
class JournalExampleTest {

  @Test
  void anOrderIsAcceptedAndThenWritten(@TempDir Path directory) {
    Target target = Target.open("jdbc:sqlite:" + directory.resolve("orders.db"));
    target.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT)");
    BatchWriter writer = target.writer();
    Path journal = directory.resolve("journal");

    Schema orders =
        Schema.table("orders")
            .columns("id", "item")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    BatchFlow flow =
        BatchFlow.builder(writer)
            .retry(Retry.backoff(100_000, Duration.ofMillis(100)).maxBackoff(Duration.ofSeconds(5)))
            .build();
    JournaledFlow journaled = JournaledFlow.builder(flow, journal).schemas(orders).open();

    Row order = orders.row().set("id", 1).set("item", "tea");
    Mono<Receipt> accepted = journaled.accept(order); // answer 202 when it completes
    Mono<WriteResult> written = accepted.flatMap(Receipt::durable); // and 201 when this does

    MeterRegistry registry = new SimpleMeterRegistry();
    Gauge.builder("batchflow.journal.pending", journaled, JournaledFlow::pending)
        .baseUnit("rows")
        .register(registry);

    assertThat(written.block(Duration.ofMinutes(1))).isNotNull();
    assertThat(registry.get("batchflow.journal.pending").gauge().value()).isZero();
    journaled.close().block(Duration.ofMinutes(1));
    assertThat(target.query("SELECT item FROM orders").get(0).get(0)).isEqualTo("tea");
    target.close();
  }
}
