package io.batchflow.sql.dialect;

/** The sessions of H2, by number and start, as a later session may get the same number. */
final class H2Sessions {

  private static final String STARTED = "CAST(EXTRACT(EPOCH FROM SESSION_START) AS VARCHAR)";

  static final String ID_QUERY =
      "SELECT SESSION_ID(), (SELECT "
          + STARTED
          + " FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID())";

  /** To abort a session that runs a statement would leave its locks behind. */
  static final String END =
      "SELECT CASE SESSION_STATE WHEN 'SLEEP' THEN ABORT_SESSION(SESSION_ID)"
          + " ELSE CANCEL_SESSION(SESSION_ID) END";

  /**
   * Has a row if the user is no administrator. Such a user does not see the sessions of others, so
   * that a missing session tells nothing.
   */
  static final String MAY_NOT_LOOK =
      "SELECT 1 FROM INFORMATION_SCHEMA.USERS WHERE USER_NAME = CURRENT_USER AND NOT IS_ADMIN";

  static final String CONTEXT_QUERY =
      "SELECT CURRENT_CATALOG || ' ' || CURRENT_USER || ' ' || CURRENT_SCHEMA";

  private H2Sessions() {}

  /** Returns the clauses that select a session. */
  static String from(long sessionId, String mark) {
    return " FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = "
        + sessionId
        + " AND "
        + STARTED
        + " = "
        + SqlText.literal(mark);
  }
}
