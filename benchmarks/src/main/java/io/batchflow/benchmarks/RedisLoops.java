package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.redis.RedisBatchWriter;
import io.batchflow.redis.RedisMapping;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Hand-written SETs over one Lettuce connection, and checks of the keys in Redis. */
final class RedisLoops implements Contest.Target, AutoCloseable {

  /** The number of batches in flight, the same for hand-written code and the flow. */
  static final int IN_FLIGHT = 4;

  private static final int COMMANDS_IN_FLIGHT = 1_000;

  private static final int PAGE = 10_000;

  /** Gives each key a value that no way writes. */
  private static final String FILL =
      "for i = 0, ARGV[1] - 1 do redis.call('SET', 'event:' .. i, 'another') end return 1";

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;
  private final int batch;

  RedisLoops(String uri, int batch) {
    this.client = RedisClient.create(uri);
    this.connection = client.connect();
    this.batch = batch;
  }

  static Schema texts(ConflictStrategy strategy) {
    return Schema.table("texts")
        .columns("id", "value")
        .conflictKey("id")
        .onConflict(strategy)
        .build();
  }

  static BatchWriter writer(String uri, ConflictStrategy strategy) {
    return RedisBatchWriter.builder(uri)
        .map(texts(strategy), RedisMapping.set("event:{id}", "value"))
        .build();
  }

  static Row text(Schema schema, int row) {
    return schema.row().set(0, (long) row).set(1, value(row));
  }

  private static String key(int row) {
    return "event:" + row;
  }

  private static String value(int row) {
    return "value of the event " + row;
  }

  /** Sends a command for each row, in the most obvious way. */
  void reactive(int rows) {
    Flux.range(0, rows)
        .flatMap(
            row -> connection.reactive().set(key(row), value(row), SetArgs.Builder.nx()),
            COMMANDS_IN_FLIGHT)
        .blockLast();
  }

  void dispatch(int rows) {
    pipelines(rows, false);
  }

  void dispatchNx(int rows) {
    pipelines(rows, true);
  }

  private void pipelines(int rows, boolean nx) {
    Flux.range(0, rows / batch)
        .flatMap(number -> pipeline(number * batch, nx), IN_FLIGHT)
        .blockLast();
  }

  private Mono<Void> pipeline(int first, boolean nx) {
    List<RedisCommand<String, String, ?>> commands = new ArrayList<>(batch);
    CompletableFuture<?>[] answers = new CompletableFuture<?>[batch];
    for (int i = 0; i < batch; i++) {
      CommandArgs<String, String> args =
          new CommandArgs<>(StringCodec.UTF8).addKey(key(first + i)).addValue(value(first + i));
      if (nx) {
        args.add("NX");
      }
      AsyncCommand<String, String, String> command =
          new AsyncCommand<>(
              new Command<>(CommandType.SET, new StatusOutput<>(StringCodec.UTF8), args));
      commands.add(command);
      answers[i] = command;
    }
    connection.dispatch(commands);
    return Mono.fromFuture(CompletableFuture.allOf(answers));
  }

  /** Returns a target where each key holds another value before every turn. */
  Contest.Target filled(int rows) {
    return new Contest.Target() {

      @Override
      public void empty() {
        RedisLoops.this.empty();
        connection.sync().eval(FILL, ScriptOutputType.INTEGER, new String[0], String.valueOf(rows));
      }

      @Override
      public void verify(int written) {
        RedisLoops.this.verify(written);
      }
    };
  }

  @Override
  public void empty() {
    connection.sync().flushall();
  }

  @Override
  public void verify(int rows) {
    Long size = connection.sync().dbsize();
    if (size != rows) {
      throw new IllegalStateException("Redis holds " + size + " keys but should hold " + rows);
    }
    for (int first = 0; first < rows; first += PAGE) {
      verify(first, Math.min(rows, first + PAGE));
    }
  }

  private void verify(int from, int to) {
    String[] keys = IntStream.range(from, to).mapToObj(RedisLoops::key).toArray(String[]::new);
    List<KeyValue<String, String>> found = connection.sync().mget(keys);
    for (int row = from; row < to; row++) {
      if (!value(row).equals(found.get(row - from).getValueOrElse(""))) {
        throw new IllegalStateException("Redis does not hold row " + row + " with its value");
      }
    }
  }

  @Override
  public void close() {
    connection.close();
    client.shutdown();
  }
}
