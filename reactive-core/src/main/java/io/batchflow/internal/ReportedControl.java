package io.batchflow.internal;

import io.batchflow.BatchPolicy;
import io.batchflow.control.TableControl;
import io.batchflow.control.TableOperation;
import io.batchflow.control.TableOperation.Kind;
import io.batchflow.internal.config.PolicyOptions;
import io.batchflow.internal.write.Listeners;
import io.batchflow.stats.TableStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.ContextView;

/** Reports the operations of another control to the listeners, before their callers are told. */
final class ReportedControl implements TableControl {

  private final TableControl control;
  private final Listeners listeners;
  private final LongSupplier nanos;
  private final Scheduler scheduler;

  ReportedControl(
      TableControl control, Listeners listeners, LongSupplier nanos, Scheduler scheduler) {
    this.control = control;
    this.listeners = listeners;
    this.nanos = nanos;
    this.scheduler = scheduler;
  }

  @Override
  public Mono<Void> pause() {
    return reported(Kind.PAUSE, control.pause(), () -> "");
  }

  @Override
  public Mono<Void> resume() {
    return reported(Kind.RESUME, control.resume(), () -> "");
  }

  @Override
  public Mono<Void> flush() {
    return reported(Kind.FLUSH, control.flush(), () -> "");
  }

  @Override
  public Mono<Void> drain() {
    return reported(Kind.DRAIN, control.drain(), () -> "");
  }

  @Override
  public Mono<Void> policy(BatchPolicy policy) {
    return reported(
        Kind.POLICY, control.policy(policy), () -> PolicyOptions.changes(control.policy(), policy));
  }

  private Mono<Void> reported(Kind kind, Mono<Void> operation, Supplier<String> details) {
    return Mono.deferContextual(
        context -> {
          Report report = new Report(kind, details.get(), context);
          return operation
              .doOnSuccess(nothing -> report.end(null))
              .doOnError(report::end)
              .doOnCancel(
                  () -> report.end(new CancellationException("its caller stopped waiting")));
        });
  }

  private final class Report {

    private final Kind kind;
    private final String details;
    private final ContextView context;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final long began = nanos.getAsLong();
    private final Instant time = Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
    private final long rows =
        control.stats().stream().mapToLong(table -> table.ledger().pending()).sum();

    Report(Kind kind, String details, ContextView context) {
      this.kind = kind;
      this.details = details;
      this.context = context;
    }

    void end(@Nullable Throwable error) {
      if (ended.compareAndSet(false, true)) { // a caller may cancel what has completed
        Duration took = Duration.ofNanos(Math.max(0, nanos.getAsLong() - began));
        listeners.operated(
            new TableOperation(time, table(), kind, details, rows, took, error), context);
      }
    }
  }

  @Override
  public String table() {
    return control.table();
  }

  @Override
  public BatchPolicy policy() {
    return control.policy();
  }

  @Override
  public boolean isPaused() {
    return control.isPaused();
  }

  @Override
  public boolean isDrained() {
    return control.isDrained();
  }

  @Override
  public List<TableStats> stats() {
    return control.stats();
  }

  @Override
  public String toString() {
    return control.toString();
  }
}
