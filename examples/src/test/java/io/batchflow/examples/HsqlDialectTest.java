package io.batchflow.examples;

import io.batchflow.BatchWriter;
import io.batchflow.contract.SqlDialectContract;
import io.batchflow.contract.SqlTestDatabase;
import io.batchflow.jdbc.JdbcBatchWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.hsqldb.jdbc.JDBCDataSource;

class HsqlDialectTest extends SqlDialectContract {

  @Override
  protected SqlTestDatabase openDatabase() throws SQLException {
    JDBCDataSource source = new JDBCDataSource();
    source.setUrl("jdbc:hsqldb:mem:" + UUID.randomUUID());
    BatchWriter writer = JdbcBatchWriter.create(source, new HsqlDialect());
    Connection connection = source.getConnection();
    return new SqlTestDatabase() {
      @Override
      public BatchWriter writer() {
        return writer;
      }

      @Override
      public Connection connection() {
        return connection;
      }

      @Override
      public void close() {
        writer.close().block(Duration.ofMinutes(1));
        try {
          connection.createStatement().execute("SHUTDOWN");
        } catch (SQLException failure) {
          throw new AssertionError(failure);
        }
      }
    };
  }
}
