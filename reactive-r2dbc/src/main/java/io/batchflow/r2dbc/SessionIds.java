package io.batchflow.r2dbc;

import io.batchflow.sql.SessionId;
import io.batchflow.sql.SqlDialect;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Wrapped;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The ids of sessions, by which other sessions end them. Each connection is asked once. */
final class SessionIds {

  private final SqlDialect dialect;
  private final boolean canEnd;
  private final Map<Connection, SessionId> known = Collections.synchronizedMap(new WeakHashMap<>());

  SessionIds(SqlDialect dialect) {
    this.dialect = dialect;
    this.canEnd = dialect.endSession(0, "") != null;
  }

  /** Returns the id of the session of a connection; empty if the dialect has none. */
  Mono<SessionId> of(Connection connection) {
    String query = dialect.sessionIdQuery();
    if (query == null) {
      return Mono.empty();
    }
    Connection raw = raw(connection, Connection.class);
    SessionId session = known.get(raw);
    return session != null
        ? Mono.just(session)
        : Flux.from(connection.createStatement(query).execute())
            .concatMap(result -> result.map(this::session))
            .single()
            .doOnNext(learnt -> known.put(raw, learnt));
  }

  private SessionId session(Readable row) {
    Number id = Objects.requireNonNull((Number) row.get(0), "session id");
    return new SessionId(id.longValue(), canEnd ? row.get(1, String.class) : null);
  }

  /**
   * Returns the connection or factory of the driver, which a pool may wrap.
   *
   * @param type the type to unwrap to; drivers themselves may wrap objects of other types
   */
  static <T> T raw(T wrapped, Class<T> type) {
    T raw = wrapped;
    while (raw instanceof Wrapped<?> wrapper && type.isInstance(wrapper.unwrap())) {
      raw = type.cast(wrapper.unwrap());
    }
    return raw;
  }
}
