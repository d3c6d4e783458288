package io.batchflow.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Records as hashes of Redis. */
@Tag("server")
class RedisSinkTest extends SinkFixture {

  private final TestServer server = TestServers.redis();

  RedisSinkTest() throws Exception {
    options.put("connection.url", "redis://" + server.host() + ":" + server.port());
    options.put("primary.key.mode", "record_key");
    options.put("primary.key.fields", "id");
    options.put("field.include.list", "item,qty");
    options.put("delete.enabled", "true");
  }

  @Override
  Connection connection() {
    throw new UnsupportedOperationException();
  }

  @Test
  void recordsAreHashes() throws Exception {
    send(0, "1", "{\"item\":\"tea\",\"qty\":1,\"other\":true}");
    send(0, "2", "{\"item\":\"tea\",\"qty\":2}");
    send(0, "1", "{\"item\":\"salt\",\"qty\":null}");
    send(0, "2", null);
    worker.broker.flush();
    start();

    awaitCommits();
    RedisClient client = RedisClient.create(RedisURI.create(server.host(), server.port()));
    try (StatefulRedisConnection<String, String> redis = client.connect()) {
      assertThat(redis.sync().hgetall(topic + ":1")).isEqualTo(Map.of("item", "salt"));
      assertThat(redis.sync().exists(topic + ":2")).isZero();
      redis.sync().del(topic + ":1");
    } finally {
      client.shutdown();
    }
  }

  @Test
  void wrongOptionsFailTheCheckWithTheRemedy() throws Exception {
    start();
    assertThat(worker.validate(json())).contains("\"error_count\":0");

    options.put("field.include.list", "");
    assertThat(worker.validate(json())).contains("Name the fields that a hash of Redis has");
    options.put("field.include.list", "item");
    options.put("connection.url", "redis://localhost:1");
    assertThat(worker.validate(json())).contains("cannot be reached");
  }
}
