package io.batchflow.r2dbc.inbox;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.Collections;
import java.util.List;

/** The statements of an inbox for one database. */
enum InboxSql {
  POSTGRES(
      "VARCHAR(190)",
      "TIMESTAMPTZ",
      "DELETE FROM batchflow_inbox WHERE consumer = $1 AND received_at < now() - $2 * interval '1"
          + " second'"),

  MARIADB(
      "VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
      "TIMESTAMP",
      "DELETE FROM batchflow_inbox WHERE consumer = ? AND received_at < CURRENT_TIMESTAMP - INTERVAL"
          + " ? SECOND"),

  H2(
      "VARCHAR(190)",
      "TIMESTAMP WITH TIME ZONE",
      "DELETE FROM batchflow_inbox WHERE consumer = ? AND received_at <"
          + " DATEADD('SECOND', -CAST(? AS BIGINT), CURRENT_TIMESTAMP)");

  private static final String OF_POSTGRES =
      "INSERT INTO batchflow_inbox (consumer, id) SELECT $1, id FROM unnest($2) AS id"
          + " ON CONFLICT DO NOTHING RETURNING id";

  /** INSERT IGNORE returns only the rows that it inserts. */
  private static final String OF_MARIADB =
      "INSERT IGNORE INTO batchflow_inbox (consumer, id) VALUES ROWS RETURNING id";

  private static final String OF_H2 =
      "SELECT id FROM FINAL TABLE (MERGE INTO batchflow_inbox AS known USING (VALUES ROWS) AS given"
          + " (consumer, id) ON known.consumer = given.consumer AND known.id = given.id"
          + " WHEN NOT MATCHED THEN INSERT (consumer, id) VALUES (given.consumer, given.id))";

  /** Creates the table. */
  final String table;

  /** Takes the consumer and an age in seconds. */
  final String remove;

  InboxSql(String text, String time, String remove) {
    this.table =
        "CREATE TABLE IF NOT EXISTS batchflow_inbox (consumer "
            + text
            + " NOT NULL, id "
            + text
            + " NOT NULL, received_at "
            + time
            + " DEFAULT CURRENT_TIMESTAMP NOT NULL, PRIMARY KEY (consumer, id))";
    this.remove = remove;
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
          connection
              .createStatement(OF_POSTGRES)
              .bind(0, consumer)
              .bind(1, ids.toArray(String[]::new));
      case MARIADB -> ofRows(connection, OF_MARIADB, "(?, ?)", consumer, ids);
      case H2 ->
          ofRows(
              connection,
              OF_H2,
              "(CAST(? AS VARCHAR(190)), CAST(? AS VARCHAR(190)))",
              consumer,
              ids);
    };
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
