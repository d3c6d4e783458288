package io.batchflow.kafka.connect;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.watermark.OpenPosition;
import io.batchflow.watermark.Watermarks;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Feeds the records of a task to its flow, and knows up to where they have passed. Used by the
 * thread of the task, except for outcomes.
 */
final class SinkPipeline {

  private static final Logger LOG = Loggers.getLogger(BatchFlowSinkTask.class);

  /** What the flow gets beyond the time for its rows, to close its connections. */
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

  private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

  private final SinkConfig config;
  private final BatchFlow flow;
  private final ErrantRecords errant;
  private final TaskMetrics metrics;
  private final RecordMapping mapping;
  private final Watermarks<TopicPartition> marks = Watermarks.create();
  private final Map<TopicPartition, AssignedPartition> assigned = new HashMap<>();
  private final Sinks.Many<OpenRecord> records = Sinks.many().unicast().onBackpressureBuffer();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Disposable stream;

  SinkPipeline(SinkConfig config, @Nullable ErrantRecordReporter reporter, TaskMetrics metrics) {
    this.config = config;
    this.metrics = metrics;
    Database database = new Database(config);
    this.errant = new ErrantRecords(reporter);
    this.mapping = new RecordMapping(database, new RecordRows(config));
    this.flow = database.flow();
    this.stream =
        flow.submitAll(records.asFlux().concatMap(this::row))
            .subscribe(this::ended, this::fail, () -> {});
  }

  /** Takes a record. Does not wait. */
  void add(SinkRecord record) {
    TopicPartition id = new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    long offset = record.originalKafkaOffset();
    AssignedPartition partition = assigned(id, offset);
    OpenPosition<TopicPartition> position = marks.open(id, offset);
    partition.open.incrementAndGet();
    metrics.open.incrementAndGet();
    OpenRecord added = new OpenRecord(record, position, partition);
    if (records.tryEmitNext(added).isFailure()) {
      close(added); // the flow has ended, and so will the task
    }
  }

  private AssignedPartition assigned(TopicPartition id, long first) {
    return assigned.computeIfAbsent(
        id,
        absent -> {
          marks.assign(id, first);
          return new AssignedPartition();
        });
  }

  private Mono<Row> row(OpenRecord record) {
    if (record.partition().givenUp || failure.get() != null) {
      close(record);
      return Mono.empty();
    }
    Row known = mapping.known(record.record());
    return known == null ? mapped(record) : Mono.just(known.tag(record));
  }

  private Mono<Row> mapped(OpenRecord record) {
    return mapping
        .row(record.record(), flow.flush())
        .map(row -> row.tag(record))
        .onErrorResume(
            wrong -> {
              if (wrong instanceof TableException) {
                fail(wrong);
                close(record);
              } else {
                errant.add(record, wrong);
              }
              return Mono.empty();
            });
  }

  private void ended(Outcome<Row> outcome) {
    OpenRecord record = (OpenRecord) Objects.requireNonNull(outcome.row().tag());
    BatchFlowException error = outcome.error();
    if (error == null) {
      stored(record);
    } else if (isRejected(error)) {
      errant.add(record, error);
    } else {
      if (!record.partition().givenUp) {
        fail(error);
      }
      close(record);
    }
  }

  /** A row that may be stored later is not errant: its record is read again. */
  private static boolean isRejected(BatchFlowException error) {
    OutcomeStatus status = error.status();
    return (status == OutcomeStatus.REJECTED || status == OutcomeStatus.INVALID)
        && !error.isRetryable();
  }

  private void stored(OpenRecord record) {
    metrics.stored.incrementAndGet();
    pass(record);
  }

  private void kept(OpenRecord record) {
    metrics.errant.incrementAndGet();
    pass(record);
  }

  private void pass(OpenRecord record) {
    record.position().pass();
    close(record);
  }

  private void close(OpenRecord record) {
    record.partition().open.decrementAndGet();
    metrics.open.decrementAndGet();
  }

  private void fail(Throwable reason) {
    failure.compareAndSet(null, reason);
  }

  /**
   * Reports errant records.
   *
   * @throws ConnectException if the task must fail
   */
  void settle() {
    errant.settle(this::kept, this::close);
    Throwable reason = failure.get();
    if (reason != null) {
      throw new ConnectException(
          "Records cannot be stored. Start the task again to read them again", reason);
    }
  }

  boolean isFull() {
    return metrics.open.get() >= config.inFlight;
  }

  boolean hasRoom() {
    return metrics.open.get() <= config.inFlight / 2;
  }

  boolean isOpen() {
    return metrics.open.get() > 0;
  }

  /** Waits until the records of some partitions have ended, or the time is over. */
  void drain(Collection<TopicPartition> partitions) {
    long start = System.nanoTime();
    if (isOpen(partitions)) {
      flow.flush().onErrorComplete().subscribe();
    }
    while (isOpen(partitions)
        && failure.get() == null
        && System.nanoTime() - start < Duration.ofMillis(config.drainMillis).toNanos()) {
      LockSupport.parkNanos(this, LOOK_NANOS);
      try {
        errant.settle(this::kept, this::close);
      } catch (ConnectException wrong) {
        fail(wrong);
      }
    }
  }

  private boolean isOpen(Collection<TopicPartition> partitions) {
    for (TopicPartition id : partitions) {
      AssignedPartition partition = assigned.get(id);
      if (partition != null && partition.open.get() > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns up to where the records have passed.
   *
   * @param delivered the offsets below which everything was delivered, or dropped by Connect
   */
  Map<TopicPartition, OffsetAndMetadata> watermarks(
      Map<TopicPartition, OffsetAndMetadata> delivered) {
    Map<TopicPartition, OffsetAndMetadata> passed = new HashMap<>();
    delivered.forEach(
        (id, next) -> {
          assigned(id, next.offset()); // all of its records may have been dropped by Connect
          marks.skipTo(id, next.offset());
          marks.watermark(id).ifPresent(mark -> passed.put(id, new OffsetAndMetadata(mark)));
        });
    return passed;
  }

  void giveUp(Collection<TopicPartition> partitions) {
    for (TopicPartition id : partitions) {
      AssignedPartition partition = assigned.remove(id);
      if (partition != null) {
        partition.givenUp = true;
        marks.revoke(id);
      }
    }
  }

  /** Waits a bounded time for the flow, which ends by itself after that. */
  void close() {
    records.tryEmitComplete();
    stream.dispose();
    Duration limit = Duration.ofMillis(config.drainMillis).plus(CLOSE_GRACE);
    flow.close()
        .timeout(limit)
        .onErrorResume(
            TimeoutException.class,
            late -> {
              LOG.warn("The flow of the task was still closing after {}", limit);
              return Mono.empty();
            })
        .block();
  }
}
