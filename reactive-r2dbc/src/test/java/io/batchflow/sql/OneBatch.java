package io.batchflow.sql;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.test.LedgerAssertions;
import java.time.Duration;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import reactor.core.publisher.Flux;

/** Submits rows to a flow in which they gather in one batch, as far as there is time for that. */
final class OneBatch {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private OneBatch() {}

  /** Returns the outcomes in the order of the rows, which may be units. */
  static List<Outcome<Row>> submit(Backend backend, List<Row> rows) {
    return submit(backend, false, rows);
  }

  /** Likewise, with verdicts if they are asked for. */
  static List<Outcome<Row>> submit(Backend backend, boolean verdicts, List<Row> rows) {
    BatchFlow flow =
        BatchFlow.builder(backend.anotherWriter())
            .concurrency(1)
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(20_000)
                    .maxDelay(Duration.ofMillis(50))
                    .lingerWhenIdle(true)
                    .rowVerdicts(verdicts)
                    .build())
            .build();
    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.fromIterable(rows)).collectList().blockOptional(PATIENCE).orElseThrow();
    LedgerAssertions.assertBalanced(flow);
    flow.close().block(PATIENCE);
    IdentityHashMap<Row, Integer> places = new IdentityHashMap<>();
    rows.forEach(row -> places.put(row, places.size()));
    return outcomes.stream()
        .sorted(Comparator.comparing(outcome -> places.get(outcome.row())))
        .toList();
  }
}
