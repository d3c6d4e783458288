package io.batchflow.redis.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.Competitors;
import io.batchflow.testservers.LeaseWork;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Processes of their own compete, and the holder is killed, or stopped until another one has
 * worked. Work that checks the token accepts one holder at a time. {@code
 * -Dbatchflow.test.incidents} sets how many are killed, and how many stopped.
 */
@Tag("server")
class KilledHolderTest {

  private static final int INCIDENTS = Integer.getInteger("batchflow.test.incidents", 1);

  @Test
  void twoHoldersAreNeverBothAccepted() throws Exception {
    TestServer server = TestServers.redis();
    String credentials = server.password().isEmpty() ? "" : ":" + server.password() + "@";
    String uri = "redis://" + credentials + server.host() + ":" + server.port();
    String name = UUID.randomUUID().toString();
    List<Duration> takeovers = new ArrayList<>();
    try (Competitors competitors = Competitors.start(3, LeaseProcess.class, uri, name)) {
      for (int i = 0; i < INCIDENTS; i++) {
        takeovers.add(competitors.kill());
        takeovers.add(competitors.stop());
      }
    }
    takeovers.sort(null);
    System.out.printf(
        "Redis: %d incidents, ttl %d ms, new holder after %d ms at most, %d ms in the middle%n",
        takeovers.size(),
        LeaseWork.TTL.toMillis(),
        takeovers.get(takeovers.size() - 1).toMillis(),
        takeovers.get(takeovers.size() / 2).toMillis());

    List<Long> tokens = new ArrayList<>();
    Map<Long, String> processOf = new HashMap<>();
    for (String accepted : accepted(uri, name)) {
      String[] words = accepted.split(" ", -1);
      long token = Long.parseLong(words[0]);
      tokens.add(token);
      assertThat(words[1]).isEqualTo(processOf.computeIfAbsent(token, of -> words[1]));
    }
    assertThat(tokens).isSorted();
    assertThat(processOf).hasSizeGreaterThan(2 * INCIDENTS);
  }

  private static List<String> accepted(String uri, String name) {
    RedisClient client = RedisClient.create(uri);
    try {
      return client.connect().sync().lrange(LeaseProcess.acceptedKey(name), 0, -1);
    } finally {
      client.shutdown();
    }
  }
}
