package io.batchflow.guard;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchListener;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.WriteResult;
import io.batchflow.audit.AuditTrail;
import io.batchflow.unit.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Lets only those rows into a flow that the {@link Rights} of their caller permit. A denied row
 * fails with {@link AccessDenied}, is told to the listeners of the guard, and takes no room of the
 * flow. The caller is the user in the Reactor Context of the subscriber.
 *
 * <p>Thread-safe. Leaves the flow as it is: code that has the flow itself is not guarded.
 */
public final class GuardedFlow implements RowSink {

  /** How many rows of a stream are taken before it is known that the flow has room for them. */
  private static final int AHEAD = 32;

  private final RowSink sink;
  private final Rights rights;
  private final ContextName users;
  private final List<BatchListener> listeners;

  private GuardedFlow(
      RowSink sink, Rights rights, ContextName users, List<BatchListener> listeners) {
    this.sink = sink;
    this.rights = rights;
    this.users = users;
    this.listeners = listeners;
  }

  /**
   * Guards a flow, or what stands before one. The user is under the key {@link AuditTrail#USER} of
   * the Context.
   */
  public static GuardedFlow of(RowSink sink, Rights rights) {
    return new GuardedFlow(
        Objects.requireNonNull(sink, "sink"),
        Objects.requireNonNull(rights, "rights"),
        ContextName.of(AuditTrail.USER),
        List.of());
  }

  /**
   * Returns a guard that finds the user under another key of the Context: a {@link
   * java.security.Principal}, or an object whose text is the name of the user.
   */
  public GuardedFlow withPrincipal(Object key) {
    return withUsers(ContextName.of(key));
  }

  /** Returns a guard that finds the user in another way. */
  public GuardedFlow withUsers(ContextName users) {
    return new GuardedFlow(sink, rights, Objects.requireNonNull(users, "users"), listeners);
  }

  /**
   * Returns a guard that tells a listener of denied rows, by {@link BatchListener#onTurnedAway}:
   * the {@link AuditTrail} of the flow, for instance.
   */
  public GuardedFlow withListener(BatchListener listener) {
    List<BatchListener> more = new ArrayList<>(listeners);
    more.add(listener);
    return new GuardedFlow(sink, rights, users, List.copyOf(more));
  }

  /** Submits a row, like {@link BatchFlow#submit}, if its caller may write its table. */
  @Override
  public Mono<WriteResult> submit(Row row) {
    Mono<WriteResult> submission = sink.submit(row);
    return asUser((user, context) -> unlessDenied(List.of(row), user, context, submission));
  }

  /** Submits a unit, like {@link BatchFlow#submitTogether}, if its caller may write all tables. */
  @Override
  public Mono<WriteResult> submitTogether(List<Row> rows) {
    Mono<WriteResult> submission = sink.submitTogether(rows);
    return asUser((user, context) -> unlessDenied(rows, user, context, submission));
  }

  private <T> Mono<T> unlessDenied(
      List<Row> rows, @Nullable String user, ContextView context, Mono<T> submission) {
    for (Row row : rows) {
      AccessDenied denied = denied(row, user, context);
      if (denied != null) {
        return Mono.error(denied);
      }
    }
    return submission;
  }

  /**
   * Submits those rows of a stream that its caller may write, like {@link BatchFlow#submitAll}. The
   * outcome of a denied row has the error.
   */
  @Override
  public Flux<Outcome<Row>> submitAll(Publisher<? extends Row> rows) {
    return Flux.deferContextual(
        context ->
            users.find(context).flatMapMany(user -> judged(rows, user.orElse(null), context)));
  }

  private Flux<Outcome<Row>> judged(
      Publisher<? extends Row> rows, @Nullable String user, ContextView context) {
    return Flux.<Row>from(rows)
        .map(row -> new Judged(row, denied(row, user, context)))
        .publish(
            judged ->
                Flux.merge(
                    sink.submitAll(judged.filter(each -> each.denied == null).map(Judged::row)),
                    judged.mapNotNull(Judged::outcome)),
            AHEAD);
  }

  /** A row, and why it may not be written; null if it may. */
  private record Judged(Row row, @Nullable AccessDenied denied) {

    @Nullable Outcome<Row> outcome() {
      return denied == null ? null : Outcome.failed(row, row, denied);
    }
  }

  /**
   * Completes if the caller may do something with a table, for instance {@code guard.require(ADMIN,
   * "orders").then(flow.control("orders").pause())}. Fails with {@link AccessDenied} if not.
   */
  public Mono<Void> require(Access access, String table) {
    return asUser(
        (user, context) -> {
          AccessDenied denied = denied(access, table, user);
          return denied == null ? Mono.empty() : Mono.error(denied);
        });
  }

  private <T> Mono<T> asUser(BiFunction<@Nullable String, ContextView, Mono<T>> body) {
    return Mono.deferContextual(
        context -> users.find(context).flatMap(user -> body.apply(user.orElse(null), context)));
  }

  /** Returns why a row, or a row of a unit, may not be written; null if it may. */
  private @Nullable AccessDenied denied(Row row, @Nullable String user, ContextView context) {
    for (Row each : Unit.rows(row)) {
      AccessDenied denied = denied(Access.WRITE, each.schema().table(), user);
      if (denied != null) {
        denied.initRow(row);
        listeners.forEach(listener -> listener.onTurnedAway(row, denied, context));
        return denied;
      }
    }
    return null;
  }

  private @Nullable AccessDenied denied(Access access, String table, @Nullable String user) {
    return rights.allow(user, access, table) ? null : new AccessDenied(table, user, access.name());
  }
}
