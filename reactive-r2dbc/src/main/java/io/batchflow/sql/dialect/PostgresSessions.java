package io.batchflow.sql.dialect;

/**
 * The sessions of PostgreSQL, by process number and start, as a later process may get the same
 * number. A session leaves the view after its transaction has ended.
 */
final class PostgresSessions {

  private static final String STARTED =
      "to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')";

  static final String ID_QUERY =
      "SELECT pg_backend_pid(), (SELECT "
          + STARTED
          + " FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid())";

  /** A schema of temporary tables is among the current schemas once there is one. */
  static final String CONTEXT_QUERY =
      "SELECT pg_catalog.current_database() || ' ' || pg_catalog.current_schemas(true)::text";

  private PostgresSessions() {}

  /** Returns the clauses that select a session. Some users may not see when it started. */
  static String from(long sessionId, String mark) {
    return " FROM pg_catalog.pg_stat_activity WHERE pid = "
        + sessionId
        + " AND (backend_start IS NULL OR "
        + STARTED
        + " = "
        + SqlText.literal(mark)
        + ")";
  }
}
