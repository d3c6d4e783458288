package io.batchflow.r2dbc.inbox;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The statements of an inbox for one database. */
enum InboxSql {
  POSTGRES("VARCHAR(190)", "TIMESTAMPTZ", "BYTEA"),

  MARIADB(
      "VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin", "TIMESTAMP", "MEDIUMBLOB"),

  H2("VARCHAR(190)", "TIMESTAMP WITH TIME ZONE", "VARBINARY(1048576)");

  /** The names of the table and of the column by which messages are forgotten. */
  static final String TABLE = "batchflow_inbox";

  static final String TIME = "received_at";

  /** Creates the index by which old messages are found. */
  static final String INDEX =
      "CREATE INDEX IF NOT EXISTS batchflow_inbox_time ON batchflow_inbox (received_at)";

  /** Creates the table. */
  final String table;

  InboxSql(String text, String time, String bytes) {
    this.table =
        "CREATE TABLE IF NOT EXISTS batchflow_inbox (consumer "
            + text
            + " NOT NULL, id "
            + text
            + " NOT NULL, received_at "
            + time
            + " DEFAULT CURRENT_TIMESTAMP NOT NULL, result "
            + bytes
            + ", PRIMARY KEY (consumer, id))";
  }

  /**
   * Returns the statements for a database.
   *
   * @param product its name in the metadata of the driver
   */
  static InboxSql of(String product) {
    return switch (Dialects.of(product).product()) {
      case "PostgreSQL" -> POSTGRES;
      case "MariaDB" -> MARIADB;
      case "H2" -> H2;
      default ->
          throw new InvalidConfigurationException(
              "factory",
              "is for " + product + ", which cannot return the new ids of an insert",
              "Use PostgreSQL, MariaDB or H2");
    };
  }

  /**
   * Returns the statement that records ids and returns the new ones.
   *
   * @param ids distinct, at least one
   */
  Statement record(Connection connection, String consumer, List<String> ids) {
    return switch (this) {
      case POSTGRES ->
          ofArray(
              connection,
              "INSERT INTO batchflow_inbox (consumer, id) SELECT $1, id FROM unnest($2) AS id"
                  + " ON CONFLICT DO NOTHING RETURNING id",
              consumer,
              ids);
      // INSERT IGNORE returns only the rows that it inserts.
      case MARIADB ->
          ofRows(
              connection,
              "INSERT IGNORE INTO batchflow_inbox (consumer, id) VALUES ROWS RETURNING id",
              "(?, ?)",
              consumer,
              ids);
      case H2 ->
          ofRows(
              connection,
              "SELECT id FROM FINAL TABLE (MERGE INTO batchflow_inbox AS known"
                  + " USING (VALUES ROWS) AS given (consumer, id)"
                  + " ON known.consumer = given.consumer AND known.id = given.id WHEN NOT MATCHED"
                  + " THEN INSERT (consumer, id) VALUES (given.consumer, given.id))",
              "(CAST(? AS VARCHAR(190)), CAST(? AS VARCHAR(190)))",
              consumer,
              ids);
    };
  }

  /**
   * Returns the statement that finds the results of messages.
   *
   * @param ids distinct, at least one
   */
  Statement results(Connection connection, String consumer, List<String> ids) {
    return this == POSTGRES
        ? ofArray(
            connection,
            "SELECT id, result FROM batchflow_inbox"
                + " WHERE consumer = $1 AND id = ANY($2) AND result IS NOT NULL",
            consumer,
            ids)
        : ofRows(
            connection,
            "SELECT id, result FROM batchflow_inbox"
                + " WHERE (consumer, id) IN (ROWS) AND result IS NOT NULL",
            "(?, ?)",
            consumer,
            ids);
  }

  /**
   * Returns the statement that keeps results of messages that are recorded.
   *
   * @param results by id, at least one
   */
  Statement keep(Connection connection, String consumer, SortedMap<String, byte[]> results) {
    String sql =
        switch (this) {
          case POSTGRES ->
              "INSERT INTO batchflow_inbox (consumer, id, result) VALUES ROWS"
                  + " ON CONFLICT (consumer, id) DO UPDATE SET result = EXCLUDED.result";
          case MARIADB ->
              "INSERT INTO batchflow_inbox (consumer, id, result) VALUES ROWS"
                  + " ON DUPLICATE KEY UPDATE result = VALUES(result)";
          case H2 ->
              "MERGE INTO batchflow_inbox (consumer, id, result) KEY (consumer, id) VALUES ROWS";
        };
    Placeholder placeholder = this == POSTGRES ? Placeholder.NUMBERED : Placeholder.QUESTION_MARK;
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 3 * results.size(); i += 3) {
      rows.append(i == 0 ? "(" : ", (")
          .append(placeholder.at(i))
          .append(", ")
          .append(placeholder.at(i + 1))
          .append(", ")
          .append(placeholder.at(i + 2))
          .append(')');
    }
    Statement statement = connection.createStatement(sql.replace("ROWS", rows));
    int index = 0;
    for (Map.Entry<String, byte[]> result : results.entrySet()) {
      statement
          .bind(index, consumer)
          .bind(index + 1, result.getKey())
          .bind(index + 2, result.getValue());
      index += 3;
    }
    return statement;
  }

  private static Statement ofArray(
      Connection connection, String sql, String consumer, List<String> ids) {
    return connection.createStatement(sql).bind(0, consumer).bind(1, ids.toArray(String[]::new));
  }

  private static Statement ofRows(
      Connection connection, String sql, String row, String consumer, List<String> ids) {
    String rows = String.join(", ", Collections.nCopies(ids.size(), row));
    Statement statement = connection.createStatement(sql.replace("ROWS", rows));
    for (int i = 0; i < ids.size(); i++) {
      statement.bind(2 * i, consumer).bind(2 * i + 1, ids.get(i));
    }
    return statement;
  }
}
