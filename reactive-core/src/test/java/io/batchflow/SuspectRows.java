package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** Rows that fail with an error that may be caused by a row or by its table. */
abstract class SuspectRows {

  static final int RETRIES = 2;

  static final Schema SETTINGS =
      Schema.table("settings")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  /**
   * Rejects a batch because of its first bad row, as a SQL database does, and stores all others.
   */
  static final class Database implements BatchWriter {

    final List<List<Long>> batches = new ArrayList<>();
    final Map<Long, Object> stored = new HashMap<>();
    Function<Row, @Nullable FailureKind> guilt = row -> null;
    KeyEquality keys = KeyEquality.byValue();

    @Override
    public KeyEquality keyEquality(Schema schema) {
      return keys;
    }

    @Override
    public Mono<BatchResult> write(Batch batch) {
      batches.add(batch.rows().stream().map(Database::id).toList());
      for (Row row : batch.rows()) {
        FailureKind kind = guilt.apply(row);
        if (kind != null) {
          return Mono.error(RecordingWriter.failure(kind));
        }
      }
      batch.rows().forEach(row -> stored.put(id(row), row.value(1)));
      return Mono.just(BatchResult.written(batch.size()));
    }

    static Long id(Row row) {
      return (Long) row.value(0);
    }

    Database guilty(FailureKind kind, Set<Long> ids) {
      guilt = row -> ids.contains(id(row)) ? kind : null;
      return this;
    }

    int extraWrites() {
      return batches.size() - 1;
    }

    @Override
    public FailureClassifier failureClassifier() {
      return RecordingWriter.create().failureClassifier();
    }
  }

  final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  final Database database = new Database();

  BatchFlow flow(int batchSize, int concurrency) {
    return Rows.flow(database, time)
        .maxPending(20_000)
        .retry(Retry.fixedDelay(RETRIES, Duration.ofSeconds(1)))
        .concurrency(concurrency)
        .defaultPolicy(patient().maxSize(batchSize).maxBytes(16 << 20).build())
        .build();
  }

  List<Rows.Probe<WriteResult>> submit(BatchFlow flow, Row... rows) {
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    for (Row row : rows) {
      probes.add(watch(flow.submit(row)));
    }
    time.advanceTimeBy(Duration.ofHours(1));
    LedgerAssertions.assertBalanced(flow);
    assertThat(flow.stats().ledger().pending()).isZero();
    return probes;
  }

  static Row[] settings(long count) {
    return LongStream.range(0, count)
        .mapToObj(id -> Rows.row(SETTINGS, id, "v" + id))
        .toArray(Row[]::new);
  }

  static Row[] events(long count) {
    return LongStream.range(0, count).mapToObj(Rows::event).toArray(Row[]::new);
  }

  static Set<Long> rejected(List<Rows.Probe<WriteResult>> probes) {
    return IntStream.range(0, probes.size())
        .filter(i -> probes.get(i).values.isEmpty())
        .mapToObj(i -> (long) i)
        .collect(Collectors.toSet());
  }

  Set<Long> missing(long count) {
    return LongStream.range(0, count)
        .boxed()
        .filter(id -> !database.stored.containsKey(id))
        .collect(Collectors.toSet());
  }

  static Set<Long> some(Random random, int count, int rows) {
    return random
        .longs(0, rows)
        .distinct()
        .limit(count)
        .boxed()
        .collect(Collectors.toUnmodifiableSet());
  }
}
