package io.batchflow.r2dbc;

import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.TableCache;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;

/**
 * The tables as the sessions of callers see them, which may have other settings than those of the
 * writer: the same name may mean the table of another tenant. Safe for any thread.
 */
final class CallersTables {

  private static final int MOST = 100;

  private final SqlDialect dialect;
  private final Map<String, TableCache> tables = new ConcurrentHashMap<>();

  CallersTables(SqlDialect dialect) {
    this.dialect = dialect;
  }

  /** Returns the tables that are known for the present settings of a session. */
  Mono<TableCache> in(R2dbcSession session) {
    String query = dialect.sessionContextQuery();
    return query == null
        ? Mono.fromSupplier(TableCache::new)
        : session.text(query).map(this::withSettings);
  }

  private TableCache withSettings(String settings) {
    if (tables.size() >= MOST) {
      tables.clear();
    }
    return tables.computeIfAbsent(settings, key -> new TableCache());
  }
}
