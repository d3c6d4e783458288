package io.batchflow.guard;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchListener;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.WriteResult;
import io.batchflow.audit.AuditTrail;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
public final class GuardedFlow {

  /** How many rows of a stream are taken before it is known that the flow has room for them. */
  private static final int AHEAD = 32;

  private final BatchFlow flow;
  private final Rights rights;
  private final Object principal;
  private final List<BatchListener> listeners;

  private GuardedFlow(
      BatchFlow flow, Rights rights, Object principal, List<BatchListener> listeners) {
    this.flow = flow;
    this.rights = rights;
    this.principal = principal;
    this.listeners = listeners;
  }

  /** Guards a flow. The user is under the key {@link AuditTrail#USER} of the Context. */
  public static GuardedFlow of(BatchFlow flow, Rights rights) {
    return new GuardedFlow(
        Objects.requireNonNull(flow, "flow"),
        Objects.requireNonNull(rights, "rights"),
        AuditTrail.USER,
        List.of());
  }

  /**
   * Returns a guard that finds the user under another key of the Context: a {@link Principal}, or
   * an object whose text is the name of the user.
   */
  public GuardedFlow withPrincipal(Object key) {
    return new GuardedFlow(flow, rights, Objects.requireNonNull(key, "key"), listeners);
  }

  /**
   * Returns a guard that tells a listener of denied rows, by {@link BatchListener#onTurnedAway}:
   * the {@link AuditTrail} of the flow, for instance.
   */
  public GuardedFlow withListener(BatchListener listener) {
    List<BatchListener> more = new ArrayList<>(listeners);
    more.add(listener);
    return new GuardedFlow(flow, rights, principal, List.copyOf(more));
  }

  /** Submits a row, like {@link BatchFlow#submit}, if its caller may write its table. */
  public Mono<WriteResult> submit(Row row) {
    Mono<WriteResult> submission = flow.submit(row);
    return Mono.deferContextual(
        context -> {
          AccessDenied denied = denied(row, context);
          return denied == null ? submission : Mono.error(denied);
        });
  }

  /** Submits a unit, like {@link BatchFlow#submitTogether}, if its caller may write all tables. */
  public Mono<WriteResult> submitTogether(List<Row> rows) {
    Mono<WriteResult> submission = flow.submitTogether(rows);
    return Mono.deferContextual(
        context -> {
          for (Row row : rows) {
            AccessDenied denied = denied(row, context);
            if (denied != null) {
              return Mono.error(denied);
            }
          }
          return submission;
        });
  }

  /**
   * Submits those rows of a stream that its caller may write, like {@link BatchFlow#submitAll}. The
   * outcome of a denied row has the error.
   */
  public Flux<Outcome<Row>> submitAll(Publisher<? extends Row> rows) {
    return Flux.deferContextual(
        context ->
            Flux.<Row>from(rows)
                .map(row -> new Judged(row, denied(row, context)))
                .publish(
                    judged ->
                        Flux.merge(
                            flow.submitAll(
                                judged.filter(each -> each.denied == null).map(Judged::row)),
                            judged.mapNotNull(Judged::outcome)),
                    AHEAD));
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
    return Mono.deferContextual(
        context -> {
          AccessDenied denied = denied(access, table, context);
          return denied == null ? Mono.empty() : Mono.error(denied);
        });
  }

  private @Nullable AccessDenied denied(Row row, ContextView context) {
    AccessDenied denied = denied(Access.WRITE, row.schema().table(), context);
    if (denied != null) {
      denied.initRow(row);
      listeners.forEach(listener -> listener.onTurnedAway(row, denied, context));
    }
    return denied;
  }

  private @Nullable AccessDenied denied(Access access, String table, ContextView context) {
    Object found = context.getOrDefault(principal, null);
    String user = found instanceof Principal named ? named.getName() : text(found);
    return rights.allow(user, access, table) ? null : new AccessDenied(table, user, access.name());
  }

  private static @Nullable String text(@Nullable Object user) {
    return user == null ? null : user.toString();
  }
}
