package io.batchflow.r2dbc.routing;

import io.batchflow.AbsentStrategy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.contract.BatchWriterContract;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.routing.RoutingWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The contract of writers, for two pools to one database that take turns. */
class RoutingContractTest extends BatchWriterContract {

  private static final Schema ROWS =
      Schema.table("routed").columns("id", "v").conflictKey("id").build();

  private static final Schema REPLACED =
      Schema.table("routed")
          .columns("id", "v")
          .conflictKey("id")
          .onConflict(ConflictStrategy.REPLACE)
          .build();

  private @Nullable Connection connection;

  @Override
  protected BatchWriter open() throws SQLException {
    String name = "routed" + UUID.randomUUID();
    connection = DriverManager.getConnection("jdbc:h2:mem:" + name + ";DATABASE_TO_UPPER=false");
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE routed (id BIGINT PRIMARY KEY, v VARCHAR(20) NOT NULL)");
    }
    String url = "r2dbc:h2:mem:///" + name + "?DATABASE_TO_UPPER=false";
    return RoutingWriter.roundRobin()
        .writer("one", R2dbcBatchWriter.create(url))
        .writer("other", R2dbcBatchWriter.create(url))
        .sameData(true)
        .build();
  }

  @Override
  protected Row goodRow(long id) {
    return ROWS.row().set("id", id).set("v", "v" + id);
  }

  @Override
  protected Row badRow(long id) {
    return ROWS.row().set("id", id).set("v", null);
  }

  @Override
  protected Row replacingRow(long id) {
    return REPLACED.row().set("id", id).set("v", "v" + id);
  }

  @Override
  protected Row updatingRow(long id, AbsentStrategy strategy) {
    return Schema.table("routed")
        .columns("id", "v")
        .conflictKey("id")
        .onConflict(ConflictStrategy.UPDATE)
        .onAbsent(strategy)
        .build()
        .row()
        .set("id", id)
        .set("v", "u" + id);
  }

  @Override
  protected long storedRows() throws SQLException {
    try (Statement statement = opened().createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM routed")) {
      count.next();
      return count.getLong(1);
    }
  }

  @Override
  protected void cleanUp() throws SQLException {
    opened().close();
  }

  private Connection opened() {
    if (connection == null) {
      throw new IllegalStateException("not open");
    }
    return connection;
  }
}
