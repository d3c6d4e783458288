package io.batchflow.tuning;

import io.batchflow.BatchPolicy;
import io.batchflow.audit.AuditTrail;
import io.batchflow.control.TableControl;
import io.batchflow.stats.TableStats;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Passes the events of one table to its {@link TableTuner}, one at a time, and applies what that
 * decides. Whoever brings an event while nobody handles one also handles those of others.
 */
final class TunedTable {

  /** Who changes the policy, for the audit of operations. */
  private static final String USER = "self-tuning";

  private final Tuning tuning;
  private final TableControl control;
  private final Scheduler scheduler;
  private final long flowSlots;
  private final long flowRows;
  private final TableTuner tuner;
  private final Queue<BooleanSupplier> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** What was set last, and how many changes are on their way. Only for the event at hand. */
  private int rowsSet;

  private int slotsSet;
  private int changing;

  private volatile TuningState state;
  private volatile @Nullable Throwable failure;
  private volatile boolean stopped;

  TunedTable(
      Tuning tuning,
      TableControl control,
      Scheduler scheduler,
      long flowSlots,
      long flowRows,
      @Nullable TuningState earlier) {
    this.tuning = tuning;
    this.control = control;
    this.scheduler = scheduler;
    this.flowSlots = flowSlots;
    this.flowRows = flowRows;
    BatchPolicy policy = control.policy();
    this.tuner = new TableTuner(tuning, policy.maxSize(), slots(policy));
    look(policy);
    if (earlier != null) {
      tuner.resume(earlier);
    }
    bounds(policy);
    this.state = newState();
  }

  private int slots(BatchPolicy policy) {
    return Math.min(policy.concurrency(), Math.max(1, (int) (policy.share() * flowSlots)));
  }

  private void bounds(BatchPolicy policy) {
    int most = Math.max(1, (int) (policy.share() * flowSlots));
    tuner.bounds(Math.max(1, policy.reserved()), most, (long) (policy.share() * flowRows));
  }

  void start() {
    event(
        () -> {
          tuner.begin(now());
          return true;
        });
  }

  void sealed(int rows) {
    event(() -> tuner.sealed(rows, now()));
  }

  void wrote(int rows, long nanos) {
    event(() -> tuner.wrote(rows, nanos, now()));
  }

  /** A batch has ended, but not at the first attempt. */
  void ended() {
    event(
        () -> {
          tuner.endedOtherwise(now());
          return false;
        });
  }

  void troubled() {
    event(tuner::troubled);
  }

  /** The time of a period is over. */
  void tick() {
    event(
        () -> {
          boolean outOfBounds = lookAtPolicy();
          return tuner.end(isInFlight(), now()) || outOfBounds;
        });
  }

  private long now() {
    return scheduler.now(TimeUnit.NANOSECONDS);
  }

  private boolean isInFlight() {
    return control.stats().stream().mapToLong(TableStats::inFlight).sum() > 0;
  }

  /** Follows what others have set, and what they allow. Returns whether it is out of bounds. */
  private boolean lookAtPolicy() {
    if (changing > 0) {
      return false;
    }
    BatchPolicy present = control.policy();
    if (present.maxSize() != rowsSet || slots(present) != slotsSet) {
      tuner.moveTo(present.maxSize(), slots(present));
      look(present);
    }
    bounds(present);
    return tuner.limit() != present.maxSize() || tuner.slots() != slots(present);
  }

  private void look(BatchPolicy policy) {
    rowsSet = policy.maxSize();
    slotsSet = slots(policy);
  }

  void stop() {
    stopped = true;
  }

  TuningState state() {
    return state;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Handles an event, or leaves it to the thread that handles one.
   *
   * @param event returns whether the decision has changed
   */
  private void event(BooleanSupplier event) {
    events.add(event);
    if (waiting.getAndIncrement() != 0) {
      return;
    }
    int handled = 1;
    do {
      for (int i = 0; i < handled; i++) {
        handle();
      }
      state = newState();
      handled = waiting.addAndGet(-handled);
    } while (handled != 0);
  }

  private void handle() {
    BooleanSupplier event = Objects.requireNonNull(events.poll());
    try {
      if (!stopped && event.getAsBoolean()) {
        apply();
      }
    } catch (RuntimeException fault) { // later events are handled nevertheless
      failure = fault;
    }
  }

  private TuningState newState() {
    CostModel costs = tuner.costs();
    return new TuningState(
        control.table(), tuner.size(), tuner.slots(), costs.fixed(), costs.perRow());
  }

  private void apply() {
    rowsSet = tuner.limit();
    slotsSet = tuner.slots();
    changing++;
    set(rowsSet, slotsSet)
        .contextWrite(context -> context.put(AuditTrail.USER, USER))
        .subscribe(nothing -> {}, thrown -> event(() -> refused(thrown)), () -> event(this::done));
  }

  /** Leaves all else as it is. */
  private Mono<Void> set(int rows, int slots) {
    return Mono.defer(
        () -> {
          BatchPolicy.Builder next = control.policy().toBuilder().maxSize(rows).concurrency(slots);
          Long bytes = tuning.maxBytes();
          return control.policy((bytes == null ? next : next.maxBytes(bytes)).build());
        });
  }

  private boolean done() {
    changing--;
    failure = null;
    return false;
  }

  /** The table keeps its policy, from which the search goes on. */
  private boolean refused(Throwable thrown) {
    changing--;
    failure = thrown;
    BatchPolicy present = control.policy();
    tuner.moveTo(present.maxSize(), slots(present));
    look(present);
    return false;
  }
}
