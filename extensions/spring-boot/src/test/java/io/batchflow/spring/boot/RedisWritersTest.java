package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.redis.RedisMapping;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import redis.embedded.RedisServer;

@Tag("server")
class RedisWritersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PASSWORD = "p@ss:w/rd";
  private static final Schema TEXTS =
      Schema.table("texts")
          .columns("id", "text")
          .conflictKey("id")
          .onConflict(ConflictStrategy.REPLACE)
          .build();

  private int port;
  private RedisServer server;

  @BeforeEach
  void start() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    server = RedisServer.newRedisServer().port(port).setting("requirepass " + PASSWORD).build();
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.stop();
  }

  @Test
  void writesToTheServerOfTheApplicationWithAClientOfItsOwn() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                DataRedisAutoConfiguration.class, BatchFlowAutoConfiguration.class))
        .withBean(
            RedisWriterCustomizer.class,
            () -> (flow, builder) -> builder.map(TEXTS, RedisMapping.set("text:{id}", "text")))
        .withPropertyValues(
            "spring.data.redis.port=" + port,
            "spring.data.redis.password=" + PASSWORD,
            "spring.data.redis.database=3",
            "batchflow.flows.texts.backend=redis")
        .run(
            context ->
                context
                    .getBean(BatchFlow.class)
                    .submit(TEXTS.row().set("id", 1L).set("text", "one"))
                    .block(PATIENCE));
    RedisURI uri =
        RedisURI.builder()
            .withHost("localhost")
            .withPort(port)
            .withDatabase(3)
            .withPassword(PASSWORD.toCharArray())
            .build();
    RedisClient client = RedisClient.create(uri);
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      assertThat(connection.sync().get("text:1")).isEqualTo("one");
    } finally {
      client.shutdown();
    }
  }
}
