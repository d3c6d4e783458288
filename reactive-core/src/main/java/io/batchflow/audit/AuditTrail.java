package io.batchflow.audit;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.BatchListener;
import io.batchflow.BatchResult;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import io.batchflow.control.TableControl;
import io.batchflow.control.TableOperation;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.Logger;
import reactor.util.Loggers;
import reactor.util.context.ContextView;

/**
 * A listener that passes a record of every batch to your function, which stores it in a file, a
 * table or a log. If you wish, also a record of every operation on a table.
 *
 * <p>Callers do not wait for it. The number of pending records is bounded. A record that finds no
 * room or cannot be stored counts as {@linkplain #lost() lost} and is logged without its content.
 * Thread-safe. One trail may serve several flows.
 */
public final class AuditTrail implements BatchListener {

  /** The Reactor Context key of the caller of an operation on a table, if no other is set. */
  public static final String USER = "io.batchflow.user";

  private static final Logger LOG = Loggers.getLogger(AuditTrail.class);

  private final String flow;
  private final Function<AuditRecord, ? extends Publisher<Void>> keeper;
  private final @Nullable Function<TableAuditRecord, ? extends Publisher<Void>> operations;
  private final @Nullable Object principal;
  private final Semaphore room;
  private final Set<Sinks.Empty<Void>> pending = ConcurrentHashMap.newKeySet();
  private final LongAdder kept = new LongAdder();
  private final AtomicLong lost = new AtomicLong();

  private AuditTrail(Builder builder) {
    this.flow = builder.flow;
    this.keeper = builder.keeper;
    this.operations = builder.operations;
    this.principal = builder.principal;
    this.room = new Semaphore(builder.maxPending);
  }

  /**
   * Starts a trail.
   *
   * @param flow the name of the flow in its records
   * @param keeper called for each record on the flow's scheduler, possibly for several at once;
   *     must not block. Its publisher completes once the record is stored. It should have a timeout
   * @throws InvalidConfigurationException if the name is blank
   */
  public static Builder builder(
      String flow, Function<AuditRecord, ? extends Publisher<Void>> keeper) {
    return new Builder(flow, keeper);
  }

  /** Returns how many records were stored. */
  public long kept() {
    return kept.sum();
  }

  /** Returns how many records could not be stored. Set an alert on it. */
  public long lost() {
    return lost.get();
  }

  /** Returns how many records are passed on but not yet stored. */
  public int pending() {
    return pending.size();
  }

  /** Completes once every earlier record is stored or lost. Use it after closing the flow. */
  public Mono<Void> flush() {
    return Mono.defer(() -> Mono.when(pending.stream().map(Sinks.Empty::asMono).toList()));
  }

  @Override
  public void onWritten(Batch batch, BatchResult result, int attempts, Duration took) {
    keep(() -> AuditRecord.written(flow, batch, result, attempts, took, principals(batch)), keeper);
  }

  @Override
  public void onFailed(Batch batch, BatchFlowException error, int attempts, Duration took) {
    keep(() -> AuditRecord.failed(flow, batch, error, attempts, took, principals(batch)), keeper);
  }

  @Override
  public void onTableOperation(TableOperation operation, ContextView context) {
    if (operations != null) {
      keep(() -> TableAuditRecord.of(operation, user(context)), operations);
    }
  }

  /** Records rows that their caller may not write, or for which a quota has no room. */
  @Override
  public void onTurnedAway(Row row, BatchFlowException reason, ContextView context) {
    if (operations != null && (reason instanceof AccessDenied || reason instanceof QuotaExceeded)) {
      keep(() -> TableAuditRecord.refused(reason, user(reason, context)), operations);
    }
  }

  private @Nullable String user(BatchFlowException reason, ContextView context) {
    String user =
        reason instanceof AccessDenied denied
            ? denied.user()
            : reason instanceof QuotaExceeded exceeded ? exceeded.user() : null;
    return user == null ? user(context) : user;
  }

  private @Nullable String user(ContextView context) {
    Object user = context.getOrDefault(principal == null ? USER : principal, null);
    return user == null ? null : nameOf(user);
  }

  private List<String> principals(Batch batch) {
    Object key = principal;
    return key == null
        ? List.of()
        : batch
            .contexts()
            .map(context -> context.getOrDefault(key, null))
            .filter(Objects::nonNull)
            .map(AuditTrail::nameOf)
            .distinct()
            .toList();
  }

  private static String nameOf(Object principal) {
    return principal instanceof Principal known ? known.getName() : principal.toString();
  }

  private <R> void keep(Supplier<R> made, Function<? super R, ? extends Publisher<Void>> keeper) {
    if (!room.tryAcquire()) {
      lose("there is no room");
      return;
    }
    Sinks.Empty<Void> done = Sinks.empty();
    pending.add(done);
    Mono.fromSupplier(made)
        .flatMap(entry -> Mono.from(keeper.apply(entry)))
        .subscribe(
            nothing -> {},
            failure -> {
              lose(failure.getClass().getName());
              end(done);
            },
            () -> {
              kept.increment();
              end(done);
            });
  }

  /** Logs at powers of two only, since every batch may be a loss. */
  private void lose(String why) {
    long count = lost.incrementAndGet();
    if (Long.bitCount(count) == 1) {
      LOG.warn("{} audit records were lost so far. Last reason: {}", count, why);
    }
  }

  private void end(Sinks.Empty<Void> done) {
    pending.remove(done);
    room.release();
    done.tryEmitEmpty();
  }

  /** Builds an {@link AuditTrail}. Not safe for concurrent use. */
  public static final class Builder {

    private final String flow;
    private final Function<AuditRecord, ? extends Publisher<Void>> keeper;
    private @Nullable Function<TableAuditRecord, ? extends Publisher<Void>> operations;
    private @Nullable Object principal;
    private int maxPending = 1_000;

    private Builder(String flow, Function<AuditRecord, ? extends Publisher<Void>> keeper) {
      if (flow.isBlank()) {
        throw new InvalidConfigurationException(
            "flow", "is blank", "Give the flow a name for its records");
      }
      this.flow = flow;
      this.keeper = keeper;
    }

    /**
     * Sets what is called for each pause, resume, flush and change of policy of a {@link
     * TableControl}, and for each row that a {@link io.batchflow.guard.GuardedFlow} or a quota
     * refuses, under the same conditions as the keeper of batches. Its caller is found under the
     * key of {@link #principal} or, without one, {@link AuditTrail#USER}. Defaults to none.
     */
    public Builder tableOperations(
        Function<TableAuditRecord, ? extends Publisher<Void>> operations) {
      this.operations = operations;
      return this;
    }

    /**
     * Sets the Reactor Context key under which a submission's caller is found: a {@link Principal},
     * or any object whose {@code toString} is a name. Defaults to none.
     */
    public Builder principal(Object key) {
      this.principal = key;
      return this;
    }

    /**
     * Sets the maximum number of records that are passed on but not yet stored. Further records are
     * lost. Defaults to 1,000.
     *
     * @throws InvalidConfigurationException unless from 1 to 1,000,000
     */
    public Builder maxPending(int maxPending) {
      if (maxPending < 1 || maxPending > 1_000_000) {
        throw new InvalidConfigurationException(
            "maxPending", "is " + maxPending, "Give a number from 1 to 1000000");
      }
      this.maxPending = maxPending;
      return this;
    }

    /** Builds the trail. Pass it to {@link io.batchflow.BatchFlow.Builder#listener}. */
    public AuditTrail build() {
      return new AuditTrail(this);
    }
  }
}
