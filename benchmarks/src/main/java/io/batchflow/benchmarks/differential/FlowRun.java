package io.batchflow.benchmarks.differential;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchWriter;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Writes the rows of a case through a flow. */
final class FlowRun {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private FlowRun() {}

  /**
   * Returns how each row ended.
   *
   * @throws IllegalStateException if that takes too long
   */
  static List<End> of(Site site, TableCase table) {
    BatchWriter writer = site.writer();
    BatchFlow flow =
        BatchFlow.builder(writer)
            .concurrency(Math.min(table.writing().concurrency(), writer.maxConcurrency()))
            .defaultPolicy(table.writing().policy())
            .retry(Retry.backoff(5, Duration.ofMillis(1)).maxBackoff(Duration.ofMillis(20)))
            .writeTimeout(Duration.ofSeconds(10))
            .build();
    End[] ends = new End[table.rows().size()];
    try {
      List<Row> rows = rows(table);
      (table.writing().stream() ? stream(flow, rows, ends) : each(flow, rows, ends))
          .block(PATIENCE);
    } finally {
      flow.close().block(PATIENCE);
      writer.close().block(PATIENCE);
    }
    return Arrays.stream(ends)
        .map(end -> Objects.requireNonNull(end, "a row without an end"))
        .toList();
  }

  private static List<Row> rows(TableCase table) {
    Schema schema = table.schema();
    List<Row> rows = new ArrayList<>();
    for (CaseRow made : table.rows()) {
      Row row = (made.deletes() ? schema.delete() : schema.row()).tag(rows.size());
      made.values().forEach(row::set);
      rows.add(row);
    }
    return rows;
  }

  private static Mono<Void> stream(BatchFlow flow, List<Row> rows, @Nullable End[] ends) {
    return flow.submitAll(Flux.fromIterable(rows))
        .doOnNext(
            outcome ->
                ends[(int) Objects.requireNonNull(outcome.row().tag())] =
                    end(outcome.result(), outcome.error()))
        .then();
  }

  private static Mono<Void> each(BatchFlow flow, List<Row> rows, @Nullable End[] ends) {
    return Flux.range(0, rows.size())
        .flatMap(
            row ->
                flow.submit(rows.get(row))
                    .doOnNext(result -> ends[row] = end(result, null))
                    .onErrorResume(
                        failure -> {
                          ends[row] = end(null, failure);
                          return Mono.empty();
                        }),
            Integer.MAX_VALUE)
        .then();
  }

  private static End end(@Nullable WriteResult result, @Nullable Throwable error) {
    if (result != null) {
      RowVerdict verdict = result.verdict();
      return End.written(verdict);
    }
    OutcomeStatus status =
        error instanceof BatchFlowException told ? told.status() : OutcomeStatus.REJECTED;
    Throwable cause = error == null || error.getCause() == null ? error : error.getCause();
    String why = String.valueOf(cause).lines().findFirst().orElse("");
    // A plain statement does not distinguish a row that the driver cannot send from a rejected one.
    OutcomeStatus end = status == OutcomeStatus.INVALID ? OutcomeStatus.REJECTED : status;
    return new End(end, null, why.length() > 300 ? why.substring(0, 300) : why);
  }
}
