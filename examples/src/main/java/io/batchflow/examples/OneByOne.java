package io.batchflow.examples;

import io.batchflow.Request;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;

/** The same rows, one INSERT at a time, into a table of their own that is dropped afterwards. */
record OneByOne(long rows, Duration elapsed) {

  static OneByOne run(Target target, Source source, Schema schema) {
    Schema scratch = Schema.table(schema.table() + "_one_by_one").columns(schema.columns()).build();
    target.execute("DROP TABLE IF EXISTS " + target.quotedTable(scratch));
    target.create(scratch, source.columns(), List.of());
    long[] rows = {0};
    Flux<Request> counted = source.rows(scratch, new Refusals()).doOnNext(row -> rows[0]++);
    long started = System.nanoTime();
    target.insertOneByOne(scratch, counted);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
    target.execute("DROP TABLE " + target.quotedTable(scratch));
    return new OneByOne(rows[0], elapsed);
  }
}
