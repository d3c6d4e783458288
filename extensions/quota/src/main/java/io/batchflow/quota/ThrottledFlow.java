package io.batchflow.quota;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.BatchListener;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.WriteResult;
import io.batchflow.audit.AuditTrail;
import io.batchflow.guard.ContextName;
import io.batchflow.guard.RowSink;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Lets rows into a flow only as fast as {@link Quotas} permit. A row beyond them waits outside of
 * the flow, without a thread and without room of the flow, or fails with {@link QuotaExceeded}. A
 * stream requests less.
 *
 * <p>What was let in stays charged, whatever its outcome. A row that is larger than what a quota
 * ever has at once is let in when the quota has all of it, and later rows wait for the rest.
 *
 * <p>Thread-safe. Leaves the flow as it is: code that has the flow itself is not throttled.
 */
public final class ThrottledFlow implements RowSink {

  private final RowSink sink;
  private final Duration maxWait;
  private final Limits limits;
  private final ContextName users;
  private final ContextName tenants;
  private final List<BatchListener> listeners;

  private ThrottledFlow(
      RowSink sink,
      Duration maxWait,
      Limits limits,
      ContextName users,
      ContextName tenants,
      List<BatchListener> listeners) {
    this.sink = sink;
    this.maxWait = maxWait;
    this.limits = limits;
    this.users = users;
    this.tenants = tenants;
    this.listeners = listeners;
  }

  /**
   * Throttles a flow, or what stands before one. The user is under the key {@link AuditTrail#USER}
   * of the Context, the tenant under {@link ContextName#TENANT}. The counts begin here: two of them
   * have each quota twice.
   */
  public static ThrottledFlow of(RowSink sink, Quotas quotas) {
    return new ThrottledFlow(
        Objects.requireNonNull(sink, "sink"),
        quotas.maxWait(),
        new Limits(quotas),
        ContextName.of(AuditTrail.USER),
        ContextName.of(ContextName.TENANT),
        List.of());
  }

  /** Returns this with the same counts, which finds the user in another way. */
  public ThrottledFlow withUsers(ContextName users) {
    return new ThrottledFlow(
        sink, maxWait, limits, Objects.requireNonNull(users, "users"), tenants, listeners);
  }

  /** Returns this with the same counts, which finds the tenant in another way. */
  public ThrottledFlow withTenants(ContextName tenants) {
    return new ThrottledFlow(
        sink, maxWait, limits, users, Objects.requireNonNull(tenants, "tenants"), listeners);
  }

  /**
   * Returns this with the same counts, which tells a listener of refused rows, by {@link
   * BatchListener#onTurnedAway}: the {@link AuditTrail} of the flow, for instance.
   */
  public ThrottledFlow withListener(BatchListener listener) {
    List<BatchListener> more = new ArrayList<>(listeners);
    more.add(listener);
    return new ThrottledFlow(sink, maxWait, limits, users, tenants, List.copyOf(more));
  }

  /** Submits a row, like {@link BatchFlow#submit}, when the quotas have room for it. */
  @Override
  public Mono<WriteResult> submit(Row row) {
    return when(row, sink.submit(row));
  }

  /** Submits a unit, like {@link BatchFlow#submitTogether}, when the quotas have room for it. */
  @Override
  public Mono<WriteResult> submitTogether(List<Row> rows) {
    Mono<WriteResult> submission = sink.submitTogether(rows);
    try {
      return when(Unit.of(rows), submission);
    } catch (InvalidRowException invalid) {
      return submission; // which fails for the same reason
    }
  }

  private Mono<WriteResult> when(Row row, Mono<WriteResult> submission) {
    return Mono.deferContextual(
        context ->
            caller(context)
                .flatMap(
                    caller ->
                        limits
                            .turn(row, caller, maxWait)
                            .doOnError(QuotaExceeded.class, exceeded -> tell(row, exceeded, caller))
                            .then(submission)));
  }

  /**
   * Submits a stream of rows, like {@link BatchFlow#submitAll}, and requests them only as fast as
   * the quotas permit. At most one row of the stream waits.
   */
  @Override
  public Flux<Outcome<Row>> submitAll(Publisher<? extends Row> rows) {
    return Flux.deferContextual(
        context ->
            caller(context)
                .flatMapMany(
                    caller ->
                        sink.submitAll(
                            Flux.<Row>from(rows).concatMap(row -> next(row, caller), 0))));
  }

  private Mono<Row> next(Row row, Caller caller) {
    return limits.turn(row, caller, Limits.FOREVER).thenReturn(row);
  }

  private Mono<Caller> caller(ContextView context) {
    return users
        .find(context)
        .flatMap(
            user ->
                tenants
                    .find(context)
                    .map(tenant -> new Caller(user.orElse(null), tenant.orElse(null), context)));
  }

  private void tell(Row row, QuotaExceeded exceeded, Caller caller) {
    listeners.forEach(listener -> listener.onTurnedAway(row, exceeded, caller.context()));
  }

  Limits limits() {
    return limits;
  }
}
