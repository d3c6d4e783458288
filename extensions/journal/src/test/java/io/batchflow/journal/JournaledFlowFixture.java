package io.batchflow.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** A journaled flow in a temporary directory. */
abstract class JournaledFlowFixture {

  static final Duration PATIENCE = Duration.ofMinutes(1);
  static final Duration AT_ONCE = Duration.ofMillis(1);

  static final Schema ORDERS =
      Schema.table("orders")
          .columns("id", "amount")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .required("amount")
          .build();

  static final Schema EVENTS = Schema.table("events").columns("id").build();

  final Path directory;

  JournaledFlowFixture(@TempDir Path directory) {
    this.directory = directory.resolve("journal");
  }

  static Row order(int id) {
    return ORDERS.row().set("id", id).set("amount", 10L * id);
  }

  JournaledFlow open(BatchWriter writer) {
    return builder(writer).schemas(ORDERS).open();
  }

  JournaledFlow.Builder builder(BatchWriter writer) {
    BatchFlow flow =
        BatchFlow.builder(writer)
            .defaultPolicy(BatchPolicy.builder().maxDelay(Duration.ofMillis(1)).build())
            .concurrency(1)
            .closeTimeout(AT_ONCE)
            .build();
    return JournaledFlow.builder(flow, directory);
  }

  static void acceptAll(JournaledFlow flow, int from, int to) {
    assertThat(
            Flux.range(from, to - from)
                .flatMapSequential(id -> flow.accept(order(id)), 256)
                .count()
                .block(PATIENCE))
        .isEqualTo(to - from);
  }

  static List<Object> ids(RecordingWriter writer) {
    return writer.rows().stream().map(row -> row.value("id")).toList();
  }
}
