package io.batchflow.sql.writer;

import io.batchflow.sql.SessionId;
import io.batchflow.sql.SqlDialect;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Stops the statement of another session, or ends that session. Once the session of a lost write is
 * gone, nothing that was sent to it can be applied. Safe for any thread.
 */
public final class SessionEnder {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final SqlDialect dialect;
  private final boolean blocking;

  /**
   * Creates it for a database.
   *
   * @param blocking whether the calls of {@link OtherSession} block
   */
  public SessionEnder(SqlDialect dialect, boolean blocking) {
    this.dialect = dialect;
    this.blocking = blocking;
  }

  /**
   * Stops the running statement of a session, which then fails on its own connection.
   *
   * @param session the session; null if it is not known
   * @param other opens the other session
   */
  public Mono<Void> interrupt(@Nullable SessionId session, Mono<? extends OtherSession> other) {
    if (session == null) {
      return Mono.empty();
    }
    String interrupt = dialect.interrupt(session.number());
    return calls(cancelled -> using(other, beside -> beside.run(interrupt)));
  }

  /**
   * Ends a session from another one. Completes with true once the session is gone, and with false
   * if the database cannot end it.
   *
   * @param session the session; null if it is not known
   * @param other opens the other session
   */
  public Mono<Boolean> end(@Nullable SessionId session, Mono<? extends OtherSession> other) {
    SessionId.End end = session == null ? null : session.end(dialect);
    return end == null
        ? Mono.just(false)
        : calls(cancelled -> using(other, beside -> untilGone(beside, end, cancelled)));
  }

  /**
   * Calls that block run to their end on a thread that may block. A cancel takes effect after the
   * running call. To interrupt its thread would damage files of some databases.
   */
  private <T> Mono<T> calls(Function<AtomicBoolean, Mono<T>> work) {
    AtomicBoolean cancelled = new AtomicBoolean();
    return blocking
        ? Mono.create(
            sink -> {
              sink.onCancel(() -> cancelled.set(true));
              Schedulers.boundedElastic()
                  .schedule(
                      () ->
                          work.apply(cancelled)
                              .subscribe(sink::success, sink::error, sink::success));
            })
        : work.apply(cancelled);
  }

  private static <S extends OtherSession, T> Mono<T> using(
      Mono<S> other, Function<OtherSession, Mono<T>> work) {
    return Mono.usingWhen(other, work, OtherSession::close);
  }

  private static Mono<Boolean> untilGone(
      OtherSession beside, SessionId.End end, AtomicBoolean cancelled) {
    return Mono.defer(() -> beside.hasRow(end.find()))
        .filter(there -> there && !cancelled.get())
        // It fails if the session is gone, or if the user may not end it. The next look tells.
        .flatMap(there -> beside.run(end.end()).onErrorComplete().thenReturn(there))
        // The next look needs a thread that may block.
        .repeatWhen(
            rounds ->
                rounds
                    .takeWhile(there -> there > 0)
                    .delayElements(BETWEEN_LOOKS, Schedulers.boundedElastic()))
        .then(Mono.just(true));
  }
}
