package io.batchflow.r2dbc.outbox;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.message.Message;
import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The statements of an outbox for one database. */
interface OutboxSql {

  /**
   * Returns the statements for a database.
   *
   * @param product its name, by its dialect
   */
  static OutboxSql of(String product) {
    return switch (product) {
      case "PostgreSQL" -> new PostgresOutboxSql();
      case "MariaDB" -> RowsOutboxSql.MARIADB;
      case "MySQL" -> RowsOutboxSql.MYSQL;
      case "H2" -> RowsOutboxSql.H2;
      default ->
          throw new InvalidConfigurationException(
              "factory",
              "is for " + product + ", which is not supported",
              "Use PostgreSQL, MySQL, MariaDB or H2");
    };
  }

  /** Returns the statements that create the table and its index unless they exist. */
  List<String> tables();

  /** Returns the statements that create a table which {@link #rotate} can empty. */
  default List<String> rotatingTables() {
    throw noPartitions();
  }

  /** Truncates partitions whose messages have all left. Returns how many. */
  default Mono<Long> rotate(Requests requests) {
    throw noPartitions();
  }

  private static UnsupportedOperationException noPartitions() {
    return new UnsupportedOperationException("Only PostgreSQL has partitions that take turns");
  }

  /**
   * Returns the statement that appends messages in their order.
   *
   * @param messages at least one
   */
  Statement append(Connection connection, List<Message> messages);

  /**
   * Returns the statement that deletes published messages of shards that are still held.
   *
   * @param held the token of each shard
   */
  Statement acknowledge(Connection connection, List<Appended> done, Map<Integer, Long> held);

  /** Returns how the driver spells a parameter, counted from 0. */
  String parameter(int index);

  /** Returns whether relays in other processes can be notified. */
  default boolean notifies() {
    return false;
  }

  /** Signals when messages may have been committed by another process. Never ends or fails. */
  default Flux<?> commits(ConnectionFactory factory) {
    return Flux.never();
  }
}
