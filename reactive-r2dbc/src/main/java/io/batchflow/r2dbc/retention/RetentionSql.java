package io.batchflow.r2dbc.retention;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import io.batchflow.sql.SqlColumn;
import io.r2dbc.spi.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The statements of one database. Times are literals, since drivers convert the times of parameters
 * by zones of their own. Stateless and thread-safe.
 */
interface RetentionSql {

  /** Returns the query for the time of the database, in microseconds since 1970. */
  String now();

  /** Returns what a column holds; null if it holds no times. */
  @Nullable TimeType typeOf(SqlColumn column);

  /** Returns the literal of a time. */
  String literal(TimeType type, String text);

  /**
   * Returns the statement that deletes expired rows.
   *
   * @param expired the condition of the rows that have expired and are in the slice
   */
  String delete(Target target, Part part, Slice slice, String expired);

  /**
   * Returns the query for the time of the oldest expired row, as a text; null if the next slice may
   * begin where the last one did.
   */
  @Nullable String oldest(Target target, Part part, String expired);

  /** Returns the query for the number of expired rows. */
  default String count(Part part, String expired) {
    return "SELECT COUNT(*) FROM " + part.table() + " WHERE " + expired;
  }

  /** Returns the parts of a table that may have expired rows. */
  default Mono<List<Part>> parts(Connection connection, Target target, Schema schema) {
    return Mono.just(List.of(new Part(target.table(), true, 0)));
  }

  /** Returns the partitions whose rows have all expired, those of partitions first. */
  default Mono<List<Partition>> expired(Connection connection, Target target) {
    return Mono.just(List.of());
  }

  /** Drops a partition, if its rows have all expired. Runs in a transaction. */
  default Mono<Boolean> drop(Connection connection, Target target, Partition partition) {
    throw new UnsupportedOperationException("No partitions are dropped here");
  }

  /** Runs work, which has a result, in a session that reads the literals as they are meant. */
  default <T> Mono<T> inZone(Connection connection, Target target, Mono<T> work) {
    return work;
  }

  /** Begins a transaction that locks no more rows than it deletes. */
  default Mono<Void> begin(Connection connection) {
    return Mono.from(connection.beginTransaction());
  }

  /** Returns the condition of the rows that have expired. */
  default String expired(Target target, String from) {
    return target.quotedColumn()
        + " >= "
        + literal(target.type(), from)
        + " AND "
        + target.quotedColumn()
        + " < "
        + literal(target.type(), target.cutOff());
  }

  /**
   * Returns the statements for a database.
   *
   * @param product its name in the dialect
   */
  static RetentionSql of(String product) {
    return switch (product) {
      case "PostgreSQL" -> new PostgresRetentionSql();
      case "MySQL", "MariaDB" -> new MySqlRetentionSql();
      case "H2" -> new H2RetentionSql();
      default ->
          throw new InvalidConfigurationException(
              "factory",
              "is for " + product + ", which is not supported",
              "Use PostgreSQL, MySQL, MariaDB or H2");
    };
  }

  /** Returns the literal of a time in the SQL standard. */
  static String standardLiteral(TimeType type, String text) {
    return switch (type) {
      case MOMENT -> "TIMESTAMP WITH TIME ZONE '" + text + "+00'";
      case LOCAL -> "TIMESTAMP '" + text + "'";
      case DATE -> "DATE '" + text + "'";
      case EPOCH -> text;
    };
  }
}
