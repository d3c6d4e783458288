package io.batchflow.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

@Tag("server")
class FactoriesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static ConnectionPool poolOver(ConnectionFactory factory, int size) {
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(factory).initialSize(0).maxSize(size).build());
  }

  @Test
  void aMySqlFactoryThatWePutTogetherDoesNotDelay() {
    String url = TestServers.mariaDb().r2dbcUrl("mysql", null);

    assertThat(Factories.isSlow(ConnectionFactories.get(url))).isTrue();
    assertThat(Factories.isSlow(poolOver(ConnectionFactories.get(url), 1))).isTrue();
    assertThat(Factories.isSlow(Factories.of(ConnectionFactoryOptions.parse(url)))).isFalse();
    assertThat(
            Factories.isSlow(
                Factories.of(ConnectionFactoryOptions.parse(url + "?tcpNoDelay=false"))))
        .as("what the user says is left as it is")
        .isTrue();
    assertThat(Factories.isSlow(ConnectionFactories.get("r2dbc:h2:mem:///x"))).isFalse();
  }

  @Test
  void aUrlIsAllThatAWriterNeeds() throws SQLException {
    String name = UUID.randomUUID().toString();
    R2dbcBatchWriter writer = R2dbcBatchWriter.create("r2dbc:h2:mem:///" + name);
    Schema schema = Schema.table("t").columns("id").build();
    try (Connection beside = DriverManager.getConnection("jdbc:h2:mem:" + name);
        Statement statement = beside.createStatement()) {
      statement.execute("CREATE TABLE t (id INT)");
      writer
          .write(new Batch(schema, List.of(schema.row().set("id", 1))))
          .as(StepVerifier::create)
          .assertNext(result -> assertThat(result.affectedRows()).isEqualTo(1))
          .expectComplete()
          .verify(PATIENCE);
    }
    writer.close().block(PATIENCE);
  }

  @Test
  void aFlowMayEncodeOneBatchMoreThanThePoolHasConnections() {
    ConnectionPool pool = poolOver(ConnectionFactories.get("r2dbc:h2:mem:///x"), 2);
    R2dbcBatchWriter writer = R2dbcBatchWriter.create(pool);

    assertThat(writer.maxConcurrency()).isEqualTo(3);
    assertThatThrownBy(() -> BatchFlow.builder(writer).concurrency(4).build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("(4) exceeds the writer's maximum (3)");
    writer.close().block(PATIENCE);
    pool.disposeLater().block(PATIENCE);
  }
}
