package io.batchflow.sql.dialect;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.sql.SqlDialect;
import java.time.Duration;
import java.util.List;

/** The dialects of the databases that the library knows. */
public final class Dialects {

  private Dialects() {}

  /**
   * Returns the dialect of H2, 2.x, in its regular mode.
   *
   * <p>The conflict key must be a unique key of the table. Without a conflict key IGNORE regards
   * the unique keys whose columns a row sets, and costs a statement a row. Over R2DBC the driver
   * sends text as a CLOB, which goes into columns of text and ENUMs, and into no others.
   */
  public static SqlDialect h2() {
    return new H2Dialect();
  }

  /**
   * Returns the dialect of PostgreSQL, 12 or later.
   *
   * <p>Values travel as text, a column's in one array, and the server makes of them what the column
   * is: one statement text for each Schema, whatever the batch's size. Moments ({@code Instant},
   * {@code OffsetDateTime}, {@code ZonedDateTime}) go into columns without a zone as UTC; times
   * without a zone go into columns with one by the session's. Nanoseconds are rounded to
   * microseconds. A plain insert of many rows becomes a binary {@code COPY} where the driver is
   * r2dbc-postgresql and the columns' types allow it.
   */
  public static SqlDialect postgres() {
    return new PostgresDialect();
  }

  /**
   * Returns the dialect of MySQL, 8.0 or later, and MariaDB, 10.5 or later.
   *
   * <p>IGNORE, UPDATE and REPLACE are {@code ON DUPLICATE KEY UPDATE}: unlike {@code INSERT IGNORE}
   * it hides no bad value, unlike {@code REPLACE} it deletes no row. A conflict by another unique
   * key than the conflict key is an error of its row. Moments ({@code Instant}, {@code
   * OffsetDateTime}, {@code ZonedDateTime}) are stored as UTC, UUIDs as text; NaN and infinities
   * are rejected. Sessions that the writer opens are strict and in UTC; those of a pool handed in
   * must be strict, and in UTC for moments to go into a TIMESTAMP. Statements keep below the
   * server's {@code max_allowed_packet}.
   */
  public static SqlDialect mysql() {
    return new MySqlDialect("MySQL");
  }

  /**
   * Returns the dialect of SQLite, 3.37 or later, with a busy timeout of 30 seconds.
   *
   * <p>Stores booleans as 0 and 1, {@code java.time} as ISO-8601 text (instants with nine digits,
   * so that they sort), UUIDs, enums, decimals and integers beyond 64 bits as text. NaN is
   * rejected, as SQLite would make it a NULL.
   */
  public static SqlDialect sqlite() {
    return sqlite(Duration.ofSeconds(30));
  }

  /**
   * Returns the dialect of SQLite.
   *
   * @param busyTimeout how long a write waits for the lock of another connection
   * @throws InvalidConfigurationException if it is negative or longer than a day
   */
  public static SqlDialect sqlite(Duration busyTimeout) {
    if (busyTimeout.isNegative() || busyTimeout.compareTo(Duration.ofDays(1)) > 0) {
      throw new InvalidConfigurationException(
          "busyTimeout", "is " + busyTimeout, "Give a time between zero and a day");
    }
    return new SqliteDialect(busyTimeout);
  }

  /**
   * Returns the dialect of a database by the name that its driver reports.
   *
   * @throws InvalidConfigurationException if there is none for it
   */
  public static SqlDialect of(String product) {
    List<SqlDialect> known =
        List.of(postgres(), mysql(), new MySqlDialect("MariaDB"), h2(), sqlite());
    for (SqlDialect dialect : known) {
      if (dialect.product().equalsIgnoreCase(product)) {
        return dialect;
      }
    }
    throw new InvalidConfigurationException(
        "dialect",
        "cannot be chosen, as none is known for the database '" + product + "'",
        "Known are "
            + String.join(", ", known.stream().map(SqlDialect::product).toList())
            + "; for another, give create(...) a SqlDialect of your own");
  }
}
