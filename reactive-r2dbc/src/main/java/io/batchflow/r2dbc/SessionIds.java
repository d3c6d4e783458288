package io.batchflow.r2dbc;

import io.batchflow.sql.SqlDialect;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Wrapped;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The numbers by which sessions are interrupted, asked for once on each connection. */
final class SessionIds {

  private final SqlDialect dialect;
  private final Map<Connection, Long> known = Collections.synchronizedMap(new WeakHashMap<>());

  SessionIds(SqlDialect dialect) {
    this.dialect = dialect;
  }

  /** Returns the number of a connection's session; empty if the dialect knows none. */
  Mono<Long> of(Connection connection) {
    String query = dialect.sessionIdQuery();
    if (query == null) {
      return Mono.empty();
    }
    Connection raw = raw(connection, Connection.class);
    Long id = known.get(raw);
    return id != null
        ? Mono.just(id)
        : Flux.from(connection.createStatement(query).execute())
            .concatMap(result -> result.map(row -> (Number) row.get(0)))
            .single()
            .map(Number::longValue)
            .doOnNext(number -> known.put(raw, number));
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
