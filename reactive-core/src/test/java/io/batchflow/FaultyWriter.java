package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;

/** Stores rows in memory, in the order of its answers. A seed determines its failures. */
final class FaultyWriter implements BatchWriter {

  private final Random random;

  /** One party for each write in flight, and one for the test. */
  private final Phaser inFlight = new Phaser(1);

  private final Set<Row> identity = new HashSet<>();
  private final Map<List<Object>, Long> newest = new HashMap<>();

  FaultyWriter(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    int delay;
    int fault;
    synchronized (this) {
      delay = random.nextInt(3);
      fault = random.nextInt(40);
    }
    if (fault == 0) {
      throw new IllegalStateException("writer");
    }
    Mono<BatchResult> answer = Mono.defer(() -> answer(batch, fault));
    Mono<BatchResult> write =
        delay == 0 ? answer : Mono.delay(Duration.ofMillis(delay)).then(answer);
    return Mono.using(
        inFlight::register, party -> write, party -> inFlight.arriveAndDeregister(), false);
  }

  private Mono<BatchResult> answer(Batch batch, int fault) {
    return switch (fault) {
      case 1, 2, 3 -> Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT));
      case 4 -> Mono.error(RecordingWriter.failure(FailureKind.PERMANENT));
      case 5, 6 -> Mono.error(RecordingWriter.failure(FailureKind.DATA));
      case 7 -> Mono.error(new TimeoutException("before"));
      case 8 -> {
        store(batch, -1);
        yield Mono.error(new TimeoutException("after"));
      }
      case 9 -> {
        store(batch, -1);
        yield Mono.empty();
      }
      case 10, 11 -> {
        store(batch, 0);
        yield Mono.just(
            BatchResult.partly(
                batch.size() - 1, Map.of(0, RecordingWriter.failure(FailureKind.DATA))));
      }
      default -> {
        store(batch, -1);
        yield Mono.just(BatchResult.written(batch.size()));
      }
    };
  }

  private synchronized void store(Batch batch, int but) {
    for (int i = 0; i < batch.size(); i++) {
      if (i != but) {
        Row row = batch.rows().get(i);
        identity.add(row);
        newest.put(key(row), (Long) row.value(1));
      }
    }
  }

  private static List<Object> key(Row row) {
    return List.of(row.schema(), String.valueOf(row.value(0)));
  }

  /** Waits until no write is in flight. A closed flow may have given one up. */
  void awaitIdle() {
    inFlight.arriveAndAwaitAdvance();
  }

  /** Whether this row was stored unmerged. */
  synchronized boolean holds(Row row) {
    return identity.contains(row);
  }

  /** Whether this row was stored, or another row of its key that it was merged into. */
  synchronized boolean covers(Row row) {
    return identity.contains(row)
        || (!row.schema().conflictKey().isEmpty() && newest.containsKey(key(row)));
  }

  /**
   * The last row of a key that was reported as written is the last stored, unless unknown rows
   * followed.
   */
  synchronized void checkNotOverwrittenByOlder(Row row) {
    Long value = newest.get(key(row));
    assertThat(value).as("the newest of a key").isNotNull();
    assertThat(value).isGreaterThanOrEqualTo((Long) row.value(1));
  }

  @Override
  public FailureClassifier failureClassifier() {
    return RecordingWriter.create().failureClassifier();
  }
}
