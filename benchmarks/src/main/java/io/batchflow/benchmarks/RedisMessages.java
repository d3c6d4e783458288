package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.message.Message;
import io.batchflow.message.MessagePublisher;
import io.batchflow.message.PublishResult;
import io.batchflow.redis.RedisBatchWriter;
import io.batchflow.redis.RedisMapping;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/**
 * Messages that an outbox publishes to a stream of Redis, and ids that an inbox keeps there: by a
 * flow, or one by one as the seed of this library did. Redis counts how often it reads from a
 * client, which is a round trip.
 */
final class RedisMessages implements AutoCloseable {

  private static final int BATCH = 500;
  private static final double ROUND_TRIPS = 0.5;
  private static final double TIMES = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String PAYLOAD = "x".repeat(200);
  private static final Schema STREAM =
      Schema.table("stream").columns("id", "message_key", "payload").build();
  private static final Schema SEEN =
      Schema.table("seen")
          .columns("id", "at")
          .conflictKey("id")
          .onConflict(ConflictStrategy.IGNORE)
          .build();

  private final int messages;
  private final PrintWriter out;
  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;
  private final BatchFlow flow;

  RedisMessages(int messages, PrintWriter out) {
    this.messages = messages;
    this.out = out;
    TestServer server = TestServers.redis();
    String uri = "redis://" + server.host() + ":" + server.port();
    this.client = RedisClient.create(uri);
    this.connection = client.connect();
    this.flow =
        BatchFlow.builder(
                RedisBatchWriter.builder(uri)
                    .map(STREAM, RedisMapping.xadd("stream"))
                    .map(SEEN, RedisMapping.set("seen:{id}", "at"))
                    .build())
            .concurrency(1)
            .build();
  }

  /** Publishes a batch in some way. */
  private interface Publishing {

    Flux<PublishResult> publish(List<Message> batch);
  }

  private record Measured(double messagesPerSecond, double roundTripsPer100, long missing) {}

  List<Figure> run() {
    out.printf("%nRedis, batches of %d messages%n", BATCH);
    MessagePublisher streams = MessagePublisher.through(flow, RedisMessages::entry);
    Figure stream =
        compared(
            "streams",
            batch -> streams.publish(batch).flatMapIterable(results -> results),
            batch ->
                Flux.fromIterable(batch)
                    .concatMap(one -> connection.reactive().xadd("stream", fields(one)))
                    .map(id -> PublishResult.published()),
            "return redis.call('XLEN', 'stream')");
    Figure seen =
        compared(
            "seen_ids",
            batch ->
                flow.submitAll(Flux.fromIterable(batch).map(RedisMessages::seen))
                    .map(outcome -> PublishResult.published()),
            batch ->
                Flux.fromIterable(batch)
                    .concatMap(
                        one ->
                            connection
                                .reactive()
                                .set("seen:" + one.id(), "now", SetArgs.Builder.nx()))
                    .map(answer -> PublishResult.published()),
            "return redis.call('DBSIZE')");
    return List.of(stream, seen);
  }

  private Figure compared(String way, Publishing ours, Publishing oneByOne, String count) {
    int few = Math.max(BATCH, messages / 10);
    measure(oneByOne, few, count);
    measure(ours, messages, count);
    Measured slow = measure(oneByOne, few, count);
    Measured fast = measure(ours, messages, count);
    double fewer = fast.roundTripsPer100() / slow.roundTripsPer100();
    double times = fast.messagesPerSecond() / slow.messagesPerSecond();
    out.printf(
        Locale.ROOT,
        "%-20s %,10.0f messages/s  %6.2f round trips per 100; one by one %,10.0f messages/s "
            + " %6.2f round trips per 100%n",
        way,
        fast.messagesPerSecond(),
        fast.roundTripsPer100(),
        slow.messagesPerSecond(),
        slow.roundTripsPer100());
    out.flush();
    return new Figure("messages")
        .with("backend", "Redis")
        .with("way", way)
        .with("messages_s", fast.messagesPerSecond())
        .with("round_trips_per_100", fast.roundTripsPer100())
        .with("one_by_one_s", slow.messagesPerSecond())
        .atMost("round_trips_of_one_by_one", fewer, ROUND_TRIPS)
        .atLeast("times_one_by_one", times, TIMES)
        .none("wrong", fast.missing() + slow.missing());
  }

  /**
   * Publishes messages batch by batch.
   *
   * @param count the script that returns how many are in Redis
   */
  private Measured measure(Publishing way, int number, String count) {
    connection.sync().flushall();
    long reads = reads();
    long start = System.nanoTime();
    Flux.range(0, number / BATCH)
        .concatMap(batch -> way.publish(batch(batch * BATCH)))
        .blockLast(PATIENCE);
    double seconds = (System.nanoTime() - start) / 1e9;
    double roundTrips = reads() - reads;
    long stored = connection.sync().eval(count, ScriptOutputType.INTEGER, new String[0]);
    long sent = (long) number / BATCH * BATCH;
    return new Measured(sent / seconds, roundTrips * 100 / sent, sent - stored);
  }

  private long reads() {
    return connection
        .sync()
        .info("stats")
        .lines()
        .filter(line -> line.startsWith("total_reads_processed:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Redis 6.0 or later counts its reads"));
  }

  private static List<Message> batch(int first) {
    return IntStream.range(first, first + BATCH)
        .mapToObj(
            number ->
                Message.builder("measured", new byte[0])
                    .id("message " + number)
                    .key("key " + number % 100)
                    .build())
        .toList();
  }

  private static Row entry(Message message) {
    return STREAM
        .row()
        .set("id", message.id())
        .set("message_key", message.key())
        .set("payload", PAYLOAD);
  }

  private static Map<String, String> fields(Message message) {
    return Map.of("id", message.id(), "message_key", message.key(), "payload", PAYLOAD);
  }

  private static Row seen(Message message) {
    return SEEN.row().set("id", message.id()).set("at", "now");
  }

  @Override
  public void close() {
    flow.close().block(PATIENCE);
    connection.close();
    client.shutdown();
  }
}
