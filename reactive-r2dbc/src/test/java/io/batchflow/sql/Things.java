package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** A table whose ids the database makes, and writes that ask for them. */
final class Things {

  static final Schema PLAIN = Schema.table("things").columns("k", "word").build();
  static final Schema UPSERT = upsert(ConflictStrategy.UPDATE);

  private Things() {}

  static Schema upsert(ConflictStrategy how) {
    return Schema.table("things").columns("k", "word").conflictKey("k").onConflict(how).build();
  }

  static Backend open(Backend.Kind kind, Path directory) {
    Backend backend = kind.open(directory);
    backend.run(
        "CREATE TABLE things (id "
            + kind.rowId()
            + " PRIMARY KEY, k INTEGER NOT NULL UNIQUE, word VARCHAR(20),"
            + " twice INTEGER GENERATED ALWAYS AS (k * 2)"
            + (kind.isH2() ? ")" : " STORED)"));
    return backend;
  }

  static Row row(Schema schema, int k, @Nullable String word) {
    Row row = schema.row().set("k", k);
    return word == null ? row : row.set("word", word);
  }

  static List<Outcome<Row>> submitted(
      Backend backend, List<Row> rows, int maxSize, String... columns) {
    return submitted(backend, rows, policy(maxSize).returning(columns).build());
  }

  static BatchPolicy.Builder policy(int maxSize) {
    return BatchPolicy.builder().maxSize(maxSize).maxDelay(Duration.ofMillis(5));
  }

  static List<Outcome<Row>> submitted(Backend backend, List<Row> rows, BatchPolicy policy) {
    BatchFlow flow = BatchFlow.builder(backend.anotherWriter()).defaultPolicy(policy).build();
    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.fromIterable(rows))
            .collectList()
            .blockOptional(Duration.ofMinutes(1))
            .orElseThrow();
    flow.close().block(Duration.ofMinutes(1));
    return outcomes;
  }

  static Map<Integer, Long> ids(Backend backend) {
    Map<Integer, Long> ids = new HashMap<>();
    backend
        .read("SELECT k, id FROM things")
        .forEach(
            row ->
                ids.put(
                    ((Number) Objects.requireNonNull(row.get(0))).intValue(),
                    ((Number) Objects.requireNonNull(row.get(1))).longValue()));
    return ids;
  }

  static void assertOwn(List<Outcome<Row>> outcomes, Map<Integer, Long> ids) {
    for (Outcome<Row> outcome : outcomes) {
      int k = (int) Objects.requireNonNull(outcome.row().value("k"));
      WriteResult result = Objects.requireNonNull(outcome.result(), () -> "" + outcome.error());
      assertThat((Number) result.value("id")).extracting(Number::longValue).isEqualTo(ids.get(k));
      assertThat((Number) result.value("twice")).extracting(Number::intValue).isEqualTo(2 * k);
    }
  }

  static void assertRefused(Backend backend, Row row, String column, String message) {
    List<Outcome<Row>> outcomes = submitted(backend, List.of(row), 10, column);

    assertThat(outcomes).singleElement().extracting(Outcome::isWritten).isEqualTo(false);
    assertThat(outcomes.get(0).error()).cause().hasMessageContaining(message);
    assertThat(ids(backend)).isEmpty();
  }
}
