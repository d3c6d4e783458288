package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.Batch;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.h2.H2ConnectionConfiguration;
import io.r2dbc.h2.H2ConnectionFactory;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ConnectingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  private static Batch event(int id) {
    return new Batch(EVENTS, List.of(EVENTS.row().set("id", id)));
  }

  @Test
  void noConnectionIsATransientFailureAndNothingIsSent(@TempDir Path directory) {
    BatchWriter jdbc =
        JdbcBatchWriter.create(rejecting(new SQLException("down", "08001")), Dialects.h2());
    StepVerifier.create(jdbc.write(event(1)))
        .verifyErrorSatisfies(
            failure -> {
              assertThat(failure).isInstanceOf(SqlWriteException.class);
              assertThat(jdbc.failureClassifier().classify(failure))
                  .isEqualTo(FailureKind.TRANSIENT);
            });
    jdbc.close().block(PATIENCE);
  }

  @Test
  void aWrongPasswordIsAPermanentFailure() throws SQLException {
    String name = UUID.randomUUID().toString();
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
    source.getConnection().close();
    BatchWriter writer =
        R2dbcBatchWriter.create(
            new H2ConnectionFactory(
                H2ConnectionConfiguration.builder()
                    .inMemory(name)
                    .username("nobody")
                    .password("wrong")
                    .build()));
    StepVerifier.create(writer.write(event(1)))
        .verifyErrorSatisfies(
            failure ->
                assertThat(writer.failureClassifier().classify(failure))
                    .isEqualTo(FailureKind.UNUSABLE));
    writer.close().block(PATIENCE);
  }

  @Test
  void aFileThatCannotBeOpenedIsUnusable(@TempDir Path directory) {
    BatchWriter writer =
        JdbcBatchWriter.create(Backend.sqliteSource("jdbc:sqlite:" + directory), Dialects.sqlite());
    StepVerifier.create(writer.write(event(1)))
        .verifyErrorSatisfies(
            failure ->
                assertThat(writer.failureClassifier().classify(failure))
                    .isEqualTo(FailureKind.UNUSABLE));
    writer.close().block(PATIENCE);
  }

  @Test
  void aDatabaseWithoutADialectIsRejectedWhenTheWriterIsCreated() {
    assertThatThrownBy(() -> R2dbcBatchWriter.create(named("Informix")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("'Informix'")
        .hasMessageContaining("H2, SQLite");
  }

  @Test
  void aSourceWithoutConnectionsIsRejectedWhenTheWriterIsCreated() {
    SQLException down = new SQLException("down");
    assertThatThrownBy(() -> JdbcBatchWriter.create(rejecting(down)))
        .isInstanceOf(IllegalStateException.class)
        .hasCause(down);
  }

  private static DataSource rejecting(SQLException reason) {
    return new SQLiteDataSource() {
      @Override
      public java.sql.Connection getConnection() throws SQLException {
        throw reason;
      }
    };
  }

  private static ConnectionFactory named(String product) {
    return new ConnectionFactory() {
      @Override
      public Publisher<? extends Connection> create() {
        return Mono.error(new AssertionError("Nobody asked for a connection"));
      }

      @Override
      public ConnectionFactoryMetadata getMetadata() {
        return () -> product;
      }
    };
  }
}
