package io.batchflow.r2dbc.outbox;

import io.batchflow.message.Message;
import io.batchflow.sql.Placeholder;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The statements for databases without arrays, with a parameter for each value. */
enum RowsOutboxSql implements OutboxSql {
  MARIADB(ofMySql("VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"), ""),

  MYSQL(ofMySql("VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"), ""),

  H2(
      "CREATE TABLE IF NOT EXISTS batchflow_outbox ("
          + "shard SMALLINT NOT NULL, seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
          + " id VARCHAR(190) NOT NULL, message_key VARCHAR(190) NOT NULL,"
          + " type VARCHAR(190) NOT NULL, headers VARCHAR(20000) NOT NULL,"
          + " payload VARBINARY(1048576) NOT NULL,"
          + " appended_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL)",
      "CREATE INDEX IF NOT EXISTS batchflow_outbox_shard ON batchflow_outbox (shard, seq)");

  private static final int COLUMNS = 6;

  private final String table;

  /** Is empty if the table includes it. */
  private final String shardIndex;

  RowsOutboxSql(String table, String shardIndex) {
    this.table = table;
    this.shardIndex = shardIndex;
  }

  private static String ofMySql(String text) {
    return "CREATE TABLE IF NOT EXISTS batchflow_outbox ("
        + "shard SMALLINT NOT NULL, seq BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, id "
        + text
        + " NOT NULL, message_key "
        + text
        + " NOT NULL, type "
        + text
        + " NOT NULL, headers TEXT CHARACTER SET utf8mb4 NOT NULL, payload MEDIUMBLOB NOT NULL,"
        + " appended_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL,"
        + " INDEX batchflow_outbox_shard (shard, seq)) ENGINE = InnoDB";
  }

  @Override
  public List<String> tables() {
    return shardIndex.isEmpty() ? List.of(table) : List.of(table, shardIndex);
  }

  @Override
  public Statement append(Connection connection, List<Message> messages) {
    Statement statement =
        connection.createStatement(
            "INSERT INTO batchflow_outbox (shard, id, message_key, type, headers, payload) VALUES "
                + listed("(?, ?, ?, ?, ?, ?)", messages.size()));
    int index = 0;
    for (Message message : messages) {
      statement
          .bind(index, Shards.of(message.key()))
          .bind(index + 1, message.id())
          .bind(index + 2, message.key())
          .bind(index + 3, message.type())
          .bind(index + 4, Headers.write(message.headers()))
          .bind(index + 5, message.payload());
      index += COLUMNS;
    }
    return statement;
  }

  @Override
  public Statement acknowledge(
      Connection connection, List<Appended> done, Map<Integer, Long> held) {
    Map<Integer, Long> fences = new TreeMap<>(held);
    fences.keySet().retainAll(done.stream().map(Appended::shard).collect(Collectors.toSet()));
    String fence =
        fences.keySet().stream()
            .map(
                shard ->
                    "shard = "
                        + shard
                        + " AND EXISTS (SELECT 1 FROM batchflow_leases WHERE name = '"
                        + Shards.lease(shard)
                        + "' AND token = ?)")
            .collect(Collectors.joining(" OR "));
    Statement statement =
        connection.createStatement(
            "DELETE FROM batchflow_outbox WHERE seq IN ("
                + listed("?", done.size())
                + ") AND ("
                + fence
                + ")");
    int index = 0;
    for (Appended one : done) {
      statement.bind(index++, one.seq());
    }
    for (long token : fences.values()) {
      statement.bind(index++, token);
    }
    return statement;
  }

  @Override
  public String parameter(int index) {
    return Placeholder.QUESTION_MARK.at(index);
  }

  private static String listed(String item, int count) {
    return String.join(", ", Collections.nCopies(count, item));
  }
}
