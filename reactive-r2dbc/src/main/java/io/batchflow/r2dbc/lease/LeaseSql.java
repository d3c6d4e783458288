package io.batchflow.r2dbc.lease;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.dialect.Dialects;

/**
 * The statements of leases for one database. Times are microseconds since 1970 by the clock of the
 * database, as of the beginning of the statement: a statement that waits for a lock then takes less
 * than it could. Immutable.
 */
final class LeaseSql {

  static final String TABLE =
      "CREATE TABLE IF NOT EXISTS batchflow_leases (name VARCHAR(190) NOT NULL PRIMARY KEY,"
          + " holder VARCHAR(255) NOT NULL, token BIGINT NOT NULL, valid_until BIGINT NOT NULL)";

  private static final String UPDATE = "UPDATE batchflow_leases SET ";

  /** Takes the name. Returns the last token, and 1 if nobody holds the lease. */
  final String look;

  /** Takes the name, the holder and the time to hold it. */
  final String insert;

  /** Takes the holder, the time to hold it, the name and the last token. */
  final String take;

  /** Takes the time to hold it, the name and the token. */
  final String renew;

  /** Takes the name and the token. */
  final String release;

  /** Takes the name and the token. Lets others take the lease only after the transaction. */
  final String fence;

  /** Takes a pattern of names. Returns the names of those of these leases that are held. */
  final String held;

  private LeaseSql(String now, String lock, Placeholder placeholder) {
    this.look =
        spelled(
            "SELECT token, CASE WHEN valid_until <= NOW THEN 1 ELSE 0 END FROM batchflow_leases"
                + " WHERE name = ?",
            now,
            placeholder);
    this.insert =
        spelled(
            "INSERT INTO batchflow_leases (name, holder, token, valid_until)"
                + " VALUES (?, ?, 1, NOW + ?)",
            now,
            placeholder);
    this.take =
        spelled(
            UPDATE
                + "holder = ?, token = token + 1, valid_until = NOW + ?"
                + " WHERE name = ? AND token = ? AND valid_until <= NOW",
            now,
            placeholder);
    this.renew =
        spelled(
            UPDATE + "valid_until = NOW + ? WHERE name = ? AND token = ? AND valid_until > NOW",
            now,
            placeholder);
    this.release =
        spelled(UPDATE + "valid_until = 0 WHERE name = ? AND token = ?", now, placeholder);
    this.held =
        spelled(
            "SELECT name FROM batchflow_leases WHERE name LIKE ? AND valid_until > NOW",
            now,
            placeholder);
    this.fence =
        spelled(
            "SELECT token FROM batchflow_leases WHERE name = ? AND token = ? " + lock,
            now,
            placeholder);
  }

  /**
   * Returns the statements for a database.
   *
   * @param product its name in the metadata of the driver
   */
  static LeaseSql of(String product) {
    return switch (Dialects.of(product).product()) {
      case "PostgreSQL" ->
          new LeaseSql(
              "CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000000 AS BIGINT)",
              "FOR SHARE",
              Placeholder.NUMBERED);
      case "MySQL", "MariaDB" ->
          new LeaseSql(
              "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
              "LOCK IN SHARE MODE",
              Placeholder.QUESTION_MARK);
      case "H2" ->
          new LeaseSql(
              "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP(6)) * 1000000 AS BIGINT)",
              "FOR UPDATE",
              Placeholder.QUESTION_MARK);
      default ->
          throw new InvalidConfigurationException(
              "factory",
              "is for " + product + ", which is not supported",
              "Use PostgreSQL, MySQL, MariaDB or H2");
    };
  }

  private static String spelled(String sql, String now, Placeholder placeholder) {
    return Requests.spelled(sql, placeholder).replace("NOW", now);
  }
}
