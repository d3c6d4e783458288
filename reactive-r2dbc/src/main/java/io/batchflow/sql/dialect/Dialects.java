package io.batchflow.sql.dialect;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.sql.SqlDialect;
import java.time.Duration;
import java.util.List;

/** The dialects of the library. */
public final class Dialects {

  private Dialects() {}

  /**
   * Returns the dialect of H2, 2.x, in its regular mode.
   *
   * <p>The conflict key must be a unique key of the table. Without a conflict key, IGNORE considers
   * the unique keys whose columns a row sets, with one statement for each row. Over R2DBC the
   * driver sends text as a CLOB, which only text columns and ENUMs accept.
   */
  public static SqlDialect h2() {
    return new H2Dialect();
  }

  /**
   * Returns the dialect of PostgreSQL, 12 or later.
   *
   * <p>The values of a column are sent as one array of texts, and the server converts them to the
   * type of the column. So a Schema has one statement text for all sizes of a batch. Moments
   * ({@code Instant}, {@code OffsetDateTime}, {@code ZonedDateTime}) are stored as UTC in columns
   * without a time zone. Times without a zone get the zone of the session in columns with one.
   * Nanoseconds are rounded to microseconds. With r2dbc-postgresql, a plain insert of many rows
   * becomes a binary {@code COPY} if the types of the columns allow it.
   */
  public static SqlDialect postgres() {
    return new PostgresDialect();
  }

  /**
   * Returns the dialect of MySQL, 8.0 or later, and MariaDB, 10.5 or later.
   *
   * <p>IGNORE, UPDATE and REPLACE use {@code ON DUPLICATE KEY UPDATE}. Unlike {@code INSERT IGNORE}
   * it hides no bad values, and unlike {@code REPLACE} it deletes no rows. A conflict by another
   * unique key than the conflict key rejects the row. Moments ({@code Instant}, {@code
   * OffsetDateTime}, {@code ZonedDateTime}) are stored as UTC, and UUIDs as text. NaN and
   * infinities are rejected. Sessions that the writer opens are strict and in UTC. Sessions of your
   * own pool must be strict, and must be in UTC to store moments in a TIMESTAMP. Statements stay
   * below the server's {@code max_allowed_packet}.
   */
  public static SqlDialect mysql() {
    return new MySqlDialect("MySQL");
  }

  /**
   * Returns the dialect of SQLite, 3.37 or later, with a busy timeout of 30 seconds.
   *
   * <p>Booleans are stored as 0 and 1. {@code java.time} values are stored as ISO-8601 text
   * (instants with nine digits, so that they sort). UUIDs, enums, decimals and integers beyond 64
   * bits are stored as text. NaN is rejected, as SQLite would store NULL.
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
        "cannot be chosen, as there is none for the database '" + product + "'",
        "Known are "
            + String.join(", ", known.stream().map(SqlDialect::product).toList())
            + "; for another database, give create(...) your own SqlDialect");
  }
}
