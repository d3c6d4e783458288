package io.batchflow.spring.boot.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableSettings;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.TestDatabase;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import redis.embedded.RedisServer;

/** Two applications share a catalog in Redis. */
@Tag("server")
class CatalogRedisTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void anotherApplicationFindsTheTablesThatTheFirstHasCreated() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    RedisServer server = RedisServer.newRedisServer().port(port).build();
    server.start();
    try {
      ApplicationContextRunner runner =
          new ApplicationContextRunner()
              .withConfiguration(
                  AutoConfigurations.of(
                      DataRedisAutoConfiguration.class,
                      BatchFlowAutoConfiguration.class,
                      CatalogAutoConfiguration.class))
              .withBean(ConnectionFactory.class, TestDatabase.create()::connections)
              .withPropertyValues(
                  "spring.data.redis.port=" + port,
                  "batchflow.catalog.store=redis",
                  "batchflow.catalog.name=shop",
                  "batchflow.catalog.tables.orders.buffer-size=5");
      runner.run(
          context -> {
            assertThat(maxSize(context.getBean(BatchFlow.class))).isEqualTo(5);
            context
                .getBean(TableCatalog.class)
                .alter(
                    "orders",
                    table -> table.withSettings(TableSettings.builder().bufferSize(7).build()))
                .block(PATIENCE);
          });
      runner.run(context -> assertThat(maxSize(context.getBean(BatchFlow.class))).isEqualTo(7));
    } finally {
      server.stop();
    }
  }

  private static int maxSize(BatchFlow flow) {
    return flow.control("orders").policy().maxSize();
  }
}
