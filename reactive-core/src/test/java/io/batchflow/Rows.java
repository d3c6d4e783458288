package io.batchflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Shared by the tests of the engine: a table, its rows, and a flow in virtual time. */
public final class Rows {

  static final Duration SOON = Duration.ofSeconds(10);
  static final Duration NEVER = Duration.ofHours(20);

  public static final Schema EVENTS = Schema.table("events").columns("id", "value").build();

  public static final Schema UPSERTS =
      Schema.table("upserts")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private Rows() {}

  public static Row event(long id) {
    return row(EVENTS, id, "v" + id);
  }

  public static Row row(Schema schema, long id, Object value) {
    return schema.row().set("id", id).set("value", value);
  }

  /** A policy whose windows close only because of an action of the test. */
  public static BatchPolicy.Builder patient() {
    return BatchPolicy.builder().maxDelay(NEVER).lingerWhenIdle(true);
  }

  static BatchFlow.Builder flow(BatchWriter writer, VirtualTimeScheduler time) {
    return BatchFlow.builder(writer).scheduler(time);
  }

  /** Subscribes and keeps the result or the error. */
  static <T> Probe<T> watch(Mono<T> mono) {
    Probe<T> probe = new Probe<>();
    probe.subscription =
        mono.subscribe(probe.values::add, probe.errors::add, () -> probe.completions++);
    return probe;
  }

  /** Returns how each submission ended, in their order. */
  static List<OutcomeStatus> statuses(List<Probe<WriteResult>> probes) {
    return probes.stream()
        .map(
            probe ->
                probe.errors.isEmpty()
                    ? OutcomeStatus.WRITTEN
                    : ((BatchFlowException) probe.errors.get(0)).status())
        .toList();
  }

  static final class Probe<T> {
    final List<T> values = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    int completions;
    reactor.core.Disposable subscription = reactor.core.Disposables.disposed();

    boolean isDone() {
      return completions + errors.size() > 0;
    }
  }
}
