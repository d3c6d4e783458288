package io.batchflow.kafka;

import io.batchflow.BatchFlowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Decides how a record ends by the outcome of its row. Thread-safe. */
final class RecordEnds {

  private final @Nullable Function<RejectedRecord, ? extends Publisher<Void>> keeper;
  private final Look look;
  private final AtomicReference<@Nullable KafkaIngestException> failure = new AtomicReference<>();

  RecordEnds(@Nullable Function<RejectedRecord, ? extends Publisher<Void>> keeper, Look look) {
    this.keeper = keeper;
    this.look = look;
  }

  /** Returns why the ingest must end; null if it goes on. */
  @Nullable KafkaIngestException failure() {
    return failure.get();
  }

  /** The first failure is the one that is reported. */
  void fail(KafkaIngestException error) {
    failure.compareAndSet(null, error);
  }

  void ended(Outcome<Row> outcome) {
    if (outcome.row().tag() instanceof OpenRecord open) {
      BatchFlowException error = outcome.error();
      if (error == null) {
        open.end(RecordEnd.STORED);
      } else if (isRejected(error)) {
        keep(open, error, open::end);
      } else {
        stop(open, "was not stored. Start again to read it again", error);
        open.end(RecordEnd.OPEN);
      }
    }
  }

  /** A row that may be stored later is no dead letter: its record is read again. */
  static boolean isRejected(BatchFlowException error) {
    OutcomeStatus status = error.status();
    return (status == OutcomeStatus.REJECTED || status == OutcomeStatus.INVALID)
        && !error.isRetryable();
  }

  /**
   * Keeps a record that cannot be stored.
   *
   * @param end called by any thread: KEPT when it is kept, OPEN if it cannot be
   */
  void keep(OpenRecord open, Throwable reason, Consumer<RecordEnd> end) {
    if (open.isGivenUp()) {
      end.accept(RecordEnd.OPEN); // the next owner of the partition keeps it
    } else if (keeper == null) {
      stop(open, "cannot be stored. Correct the table or the mapper, or set deadLetter", reason);
      end.accept(RecordEnd.OPEN);
    } else {
      RejectedRecord rejected = new RejectedRecord(open.record(), reason, Instant.now());
      Mono.defer(() -> Mono.from(keeper.apply(rejected)))
          .subscribe(
              nothing -> {},
              error -> {
                stop(open, "was rejected, and its dead letter could not be kept", error);
                end.accept(RecordEnd.OPEN);
              },
              () -> {
                look.letters.increment();
                end.accept(RecordEnd.KEPT);
              });
    }
  }

  /** Ends the ingest because of a record, unless another member reads the record by now. */
  void stop(OpenRecord open, String problem, Throwable reason) {
    if (!open.isGivenUp()) {
      fail(KafkaIngestException.of(open.record(), problem, reason));
    }
  }
}
