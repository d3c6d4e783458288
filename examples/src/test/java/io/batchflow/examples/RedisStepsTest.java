package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class RedisStepsTest {

  @Test
  void theStepsOfTheDocsStoreTheirRows() {
    TestServer server = TestServers.redis();
    String uri = "redis://" + server.host() + ":" + server.port();

    assertThat(RedisSteps.run(uri)).isEqualTo(20_000);

    RedisClient client = RedisClient.create(uri);
    RedisCommands<String, String> redis = client.connect().sync();
    assertThat(redis.get("views:/tea")).isEqualTo("10000");
    assertThat(redis.hget("session:t1:9999", "page")).isEqualTo("/tea");
    assertThat(redis.ttl("session:t1:9999")).isBetween(3_000L, 3_600L);
    client.shutdown();
  }
}
