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

/** What other sessions know sessions by, asked for once on each connection. */
final class SessionIds {

  private final SqlDialect dialect;
  private final boolean canEnd;
  private final Map<Connection, SessionId> known = Collections.synchronizedMap(new WeakHashMap<>());

  SessionIds(SqlDialect dialect) {
    this.dialect = dialect;
    this.canEnd = dialect.endSession(0, "") != null;
  }

  /** Returns a connection's session; empty if the dialect knows none. */
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
   * Returns the driver's own connection or factory, which a pool, say, wraps. What a driver itself
   * wraps is neither.
   *
   * @param type of which the driver's own is
   */
  static <T> T raw(T wrapped, Class<T> type) {
    T raw = wrapped;
    while (raw instanceof Wrapped<?> wrapper && type.isInstance(wrapper.unwrap())) {
      raw = type.cast(wrapper.unwrap());
    }
    return raw;
  }
}
