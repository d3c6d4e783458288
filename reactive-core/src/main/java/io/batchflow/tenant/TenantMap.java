package io.batchflow.tenant;

import io.batchflow.BatchFlow;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
import io.batchflow.QueueFullException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The flows of the tenants that have used theirs last. Thread-safe. */
final class TenantMap {

  private final Function<String, @Nullable BatchFlow> factory;
  private final int most;
  private final long idleNanos;
  private final Scheduler scheduler;
  private final Disposable timer;
  private final Map<String, TenantFlow> flows = new ConcurrentHashMap<>();

  /** One for each flow that is open or being closed, and that may be. */
  private final Semaphore places;

  private volatile boolean closed;

  TenantMap(
      Function<String, @Nullable BatchFlow> factory,
      int most,
      Duration idleTime,
      Scheduler scheduler) {
    this.factory = factory;
    this.most = most;
    this.idleNanos = idleTime.toNanos();
    this.scheduler = scheduler;
    this.places = new Semaphore(most);
    long period = Math.max(1, idleNanos / 2);
    this.timer =
        scheduler.schedulePeriodically(this::closeIdle, period, period, TimeUnit.NANOSECONDS);
  }

  /**
   * Uses the flow of a tenant until the body ends. Waits for a flow that is being closed, of the
   * tenant or of one that makes room for it.
   *
   * @param table for the message of a failure
   */
  <T> Flux<T> use(String tenant, String table, Function<BatchFlow, Publisher<T>> body) {
    return Flux.defer(
        () -> {
          if (closed) {
            return Flux.error(FlowClosedException.submitted(table));
          }
          TenantFlow flow = find(tenant);
          if (flow == null) {
            TenantFlow idle = retireLongestIdle();
            return idle == null
                ? Flux.error(QueueFullException.tooManyTenants(table, most))
                : close(idle).thenMany(use(tenant, table, body));
          }
          return flow.enter()
              ? run(flow, table, body)
              : flow.gone().thenMany(use(tenant, table, body));
        });
  }

  /** Returns the flow of a tenant, or a new one; null if there is no place for it. */
  private @Nullable TenantFlow find(String tenant) {
    TenantFlow known = flows.get(tenant);
    if (known != null || !places.tryAcquire()) {
      return known;
    }
    TenantFlow fresh = new TenantFlow(tenant, factory, now());
    known = flows.putIfAbsent(tenant, fresh);
    if (known != null) {
      places.release();
      return known;
    }
    if (closed) { // just now: nobody else would close it
      fresh.retireNow();
      close(fresh).subscribe();
    }
    return fresh;
  }

  private <T> Flux<T> run(TenantFlow flow, String table, Function<BatchFlow, Publisher<T>> body) {
    AtomicBoolean left = new AtomicBoolean();
    Runnable leave =
        () -> {
          if (left.compareAndSet(false, true)) {
            flow.leave(now());
          }
        };
    // Before the caller is told: its next row may be that of another tenant.
    return flow.flow()
        .switchIfEmpty(Mono.error(() -> unknown(flow.tenant, table)))
        .doOnError(none -> forget(flow))
        .flatMapMany(body)
        .doOnTerminate(leave)
        .doOnCancel(leave);
  }

  private static InvalidRowException unknown(String tenant, String table) {
    return new InvalidRowException(
        table, null, "there is no tenant '" + tenant + "'", "Correct the tenant of the caller");
  }

  private @Nullable TenantFlow retireLongestIdle() {
    return flows.values().stream()
        .filter(TenantFlow::isIdle)
        .sorted(Comparator.comparingLong(TenantFlow::usedAt))
        .filter(TenantFlow::retire)
        .findFirst()
        .orElse(null);
  }

  private void closeIdle() {
    for (TenantFlow flow : flows.values()) {
      if (flow.isIdle() && now() - flow.usedAt() >= idleNanos && flow.retire()) {
        close(flow).subscribe();
      }
    }
  }

  private Mono<Void> close(TenantFlow flow) {
    return flow.close(() -> forget(flow));
  }

  private void forget(TenantFlow flow) {
    if (flows.remove(flow.tenant, flow)) {
      places.release();
    }
  }

  private long now() {
    return scheduler.now(TimeUnit.NANOSECONDS);
  }

  int size() {
    return flows.size();
  }

  /** Closes all flows. Uses that are going on end with their flow. */
  Mono<Void> close() {
    return Mono.defer(
        () -> {
          closed = true;
          timer.dispose();
          flows.values().forEach(TenantFlow::retireNow);
          return Mono.when(flows.values().stream().map(this::close).toList());
        });
  }
}
