package io.batchflow.backup;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlColumn;
import io.r2dbc.spi.Connection;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The statements of one database. The database converts all values to text and back, as drivers do
 * not know all types. Stateless and thread-safe.
 */
interface BackupSql {

  /** Returns how a column is read and written. */
  BackupColumn column(SqlColumn column, String quoted, boolean key);

  /** Returns the query for the columns that the database computes. It takes schema and table. */
  String computed();

  /** Returns how parameters are spelled. */
  Placeholder placeholder();

  /** Prepares a transaction or session so that texts are the same everywhere. */
  <T> Mono<T> formatted(Connection connection, Mono<T> work);

  /** Inserts the rows of some lines. */
  Mono<Long> insert(Connection connection, Shape shape, List<String> lines);

  /** Lets the database count on after the largest key that was restored. */
  Mono<Void> countOn(Connection connection, Shape shape);

  /**
   * Returns the statements for a database.
   *
   * @param product its name in the dialect
   */
  static BackupSql of(String product) {
    return switch (product) {
      case "PostgreSQL" -> new PostgresBackupSql();
      case "MySQL", "MariaDB" -> new MySqlBackupSql();
      case "H2" -> new H2BackupSql();
      default ->
          throw new InvalidConfigurationException(
              "factory",
              "is for " + product + ", which is not supported",
              "Use PostgreSQL, MySQL, MariaDB or H2");
    };
  }
}
