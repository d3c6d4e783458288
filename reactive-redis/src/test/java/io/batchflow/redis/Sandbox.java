package io.batchflow.redis;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.lettuce.core.KeyScanArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Flux;

/** Its own prefix on the shared server, and a connection besides the writer's. */
final class Sandbox implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final TestServer SERVER = TestServers.redis();

  private final String prefix = "batchflow:" + UUID.randomUUID() + ":";
  private final RedisClient client = RedisClient.create(uri());
  private final StatefulRedisConnection<String, String> connection = client.connect();

  private Sandbox() {}

  static Sandbox open() {
    return new Sandbox();
  }

  static String uri() {
    String credentials =
        SERVER.password().isEmpty() ? "" : SERVER.user() + ":" + SERVER.password() + "@";
    return "redis://" + credentials + SERVER.host() + ":" + SERVER.port();
  }

  RedisBatchWriter.Builder writer() {
    return RedisBatchWriter.builder(uri());
  }

  RedisCommands<String, String> sync() {
    return connection.sync();
  }

  /** Returns a key that no other test uses. */
  String key(Object name) {
    return prefix + name;
  }

  /** Returns all keys of this sandbox. */
  List<String> keys() {
    return ScanIterator.scan(sync(), KeyScanArgs.Builder.matches(prefix + "*").limit(1_000))
        .stream()
        .toList();
  }

  /** Writes rows as one batch of a separate flow. Returns the outcome of each row. */
  static List<Outcome<Row>> submitTogether(RedisBatchWriter writer, List<Row> rows) {
    BatchFlow flow =
        BatchFlow.builder(writer)
            .defaultPolicy(BatchPolicy.builder().lingerWhenIdle(true).build())
            .build();
    try {
      List<Outcome<Row>> outcomes =
          flow.submitAll(Flux.fromIterable(rows)).collectList().block(PATIENCE);
      return outcomes == null ? List.of() : outcomes;
    } finally {
      flow.close().block(PATIENCE);
    }
  }

  @Override
  public void close() {
    List<String> keys = keys();
    if (!keys.isEmpty()) {
      sync().del(keys.toArray(new String[0]));
    }
    connection.close();
    client.shutdown();
  }
}
