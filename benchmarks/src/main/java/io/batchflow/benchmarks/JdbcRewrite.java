package io.batchflow.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * JDBC batches on several threads, each with its own connection. A batch is a transaction. The
 * driver rewrites it to inserts of many rows.
 */
final class JdbcRewrite implements Way.Writing, AutoCloseable {

  /** Opens a connection. */
  @FunctionalInterface
  interface Connecting {

    Connection connect() throws SQLException;
  }

  private final List<Connection> connections = new ArrayList<>();
  private final ExecutorService threads;
  private final int batch;
  private final String sql;

  JdbcRewrite(Connecting connecting, int connections, int batch, String sql) throws SQLException {
    for (int i = 0; i < connections; i++) {
      Connection connection = connecting.connect();
      connection.setAutoCommit(false);
      this.connections.add(connection);
    }
    this.threads = Executors.newFixedThreadPool(connections);
    this.batch = batch;
    this.sql = sql;
  }

  @Override
  public void write(int rows) throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Callable<Integer>> loops =
        connections.stream()
            .<Callable<Integer>>map(connection -> () -> loop(connection, next, rows))
            .toList();
    for (Future<Integer> done : threads.invokeAll(loops)) {
      done.get();
    }
  }

  private int loop(Connection connection, AtomicInteger next, int rows) throws SQLException {
    int batches = 0;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int first = next.getAndAdd(batch); first < rows; first = next.getAndAdd(batch)) {
        for (int row = first; row < first + batch; row++) {
          for (int column = 0; column < Events.COLUMNS.size(); column++) {
            statement.setObject(column + 1, Events.value(row, column));
          }
          statement.addBatch();
        }
        statement.executeBatch();
        connection.commit();
        batches++;
      }
    }
    return batches;
  }

  @Override
  public void close() throws SQLException {
    threads.shutdown();
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
