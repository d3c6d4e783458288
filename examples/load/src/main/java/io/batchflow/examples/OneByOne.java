package io.batchflow.examples;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * The comparison: stores the first rows of the same source in the same database, with one INSERT
 * and one transaction for each row. Uses an empty table with the same columns, which is dropped
 * afterwards.
 *
 * @param rows the number of rows that were stored
 * @param elapsed the time that it took
 */
record OneByOne(long rows, Duration elapsed) {

  /** With fewer rows the warm-up of the program would dominate the result. */
  static final int FEWEST_ROWS = 1_000;

  private static final int MAX_ROWS = 200_000;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  static OneByOne run(Target target, Source source, Table table) {
    Schema like = table.schema();
    Schema schema =
        Schema.table("batchflow_one_by_one")
            .columns(like.columns())
            .conflictKey(like.conflictKey())
            .onConflict(like.onConflict())
            .build();
    Table scratch = Table.create(target, schema, table.sqlTypes());
    try {
      Flux<List<@Nullable Object>> rows =
          source
              .rows(like, table.types(), new Rejections())
              .take(MAX_ROWS)
              .map(row -> values(target, scratch, row));
      long start = System.nanoTime();
      long end = start + LIMIT.toNanos();
      long done =
          target.executeEach(
              scratch.insertOne(), rows.takeWhile(row -> System.nanoTime() - end < 0));
      return new OneByOne(done, Duration.ofNanos(System.nanoTime() - start));
    } finally {
      scratch.drop();
    }
  }

  private static List<@Nullable Object> values(Target target, Table table, Row row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < row.schema().columns().size(); i++) {
      Object value = row.value(i);
      values.add(value == null ? null : target.dialect().encode(table.column(i), value));
    }
    return values;
  }

  double rowsPerSecond() {
    return rows / Math.max(elapsed.toNanos() / 1e9, 1e-9);
  }
}
