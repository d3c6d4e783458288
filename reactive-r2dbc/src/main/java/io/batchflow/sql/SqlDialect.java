package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the SQL writers need to know of a database: its texts, its limits, its error codes. A
 * further database is a further implementation, given to a writer when it is created.
 *
 * <p>Implementations are stateless and safe for any thread. Values never become part of a text:
 * every one is a {@code ?}.
 */
public interface SqlDialect {

  /**
   * Returns the dialect of H2, 2.x, in its regular mode.
   *
   * <p>The conflict key must be a unique key of the table. Without a conflict key IGNORE regards
   * the unique keys whose columns a row sets, and costs a statement a row. Over R2DBC the driver
   * sends text as a CLOB, which goes into columns of text and ENUMs, and into no others.
   */
  static SqlDialect h2() {
    return new H2Dialect();
  }

  /**
   * Returns the dialect of SQLite, 3.37 or later, with a busy timeout of 30 seconds.
   *
   * <p>Stores booleans as 0 and 1, {@code java.time} as ISO-8601 text (instants with nine digits,
   * so that they sort), UUIDs, enums, decimals and integers beyond 64 bits as text. NaN is refused,
   * as SQLite would make it a NULL.
   */
  static SqlDialect sqlite() {
    return sqlite(Duration.ofSeconds(30));
  }

  /**
   * Returns the dialect of SQLite.
   *
   * @param busyTimeout how long a write waits for the lock of another connection
   * @throws InvalidConfigurationException if it is negative or longer than a day
   */
  static SqlDialect sqlite(Duration busyTimeout) {
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
  static SqlDialect of(String product) {
    List<SqlDialect> known = List.of(h2(), sqlite());
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

  /** Returns the name that drivers report for this database. */
  String product();

  /** Returns an identifier in quotes, so that any name, reserved or odd, stands for itself. */
  String quote(String identifier);

  /**
   * Returns the query that reads the tables of a name, whatever its case: one parameter, the name;
   * one row for each column, with the seven components of {@link CatalogRow} in their order.
   */
  String catalogQuery();

  /**
   * Returns the statement that stores rows as the table's {@linkplain
   * io.batchflow.Schema#onConflict() strategy} says, with one parameter for each value, row by row.
   *
   * @param present the columns that these rows set, at least one
   * @param rows the number of rows, from 1 to {@link #maxRows}
   * @throws SqlWriteException if the table cannot serve the strategy
   */
  String insert(SqlTable table, List<SqlColumn> present, int rows);

  /** Returns the most parameters that a statement takes. */
  int maxParameters();

  /** Returns the most rows that a statement takes. Defaults to what the parameters allow. */
  default int maxRows(SqlTable table, List<SqlColumn> present) {
    return Math.max(1, maxParameters() / present.size());
  }

  /**
   * Returns the value as the database's drivers take it, or null if they cannot take its type.
   * Defaults to the value itself.
   */
  default @Nullable Object encode(Object value) {
    return value;
  }

  /**
   * Returns what a failure means, by its codes; an exception's class says nothing, as drivers
   * contradict each other.
   *
   * @param sqlState the SQLSTATE, null where the driver gives none
   * @param code the vendor's code, 0 where the driver gives none
   */
  FailureKind classify(@Nullable String sqlState, int code);

  /**
   * Returns whether the failure may be a race that another session won: the statement saw no
   * conflict, and at its insert there was one. The writer then tries again at once, a few times.
   * Defaults to false, which is right where the database resolves conflicts by itself.
   */
  default boolean isLostRace(ConflictStrategy strategy, @Nullable String sqlState, int code) {
    return false;
  }

  /**
   * Returns whether the database's R2DBC driver blocks the thread that subscribes. Defaults to
   * false.
   */
  default boolean blocking() {
    return false;
  }

  /**
   * Returns what to run first on a connection that a writer keeps for itself. Defaults to nothing.
   */
  default List<String> setup() {
    return List.of();
  }

  /** Returns the statement that begins a transaction over JDBC. Defaults to {@code BEGIN}. */
  default String begin() {
    return "BEGIN";
  }
}
