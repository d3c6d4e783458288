package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import io.lettuce.core.Range;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every command with every strategy that means something to it, read back from a real server. */
@Tag("server")
class CommandsTest {

  private static final long HOUR = 3_600_000;
  private static final long LEEWAY = 60_000;

  private final Sandbox redis = Sandbox.open();

  @AfterEach
  void cleanUp() {
    redis.close();
  }

  private static Schema schema(ConflictStrategy strategy, List<String> key, String... columns) {
    return Schema.table("t").columns(columns).conflictKey(key).onConflict(strategy).build();
  }

  /** Writes rows of values as one batch that asks for verdicts. */
  private BatchResult write(Schema schema, RedisMapping mapping, Object[]... values) {
    RedisBatchWriter writer = redis.writer().map(schema, mapping).build();
    try {
      List<Row> rows = new ArrayList<>();
      for (Object[] each : values) {
        Row row = schema.row();
        for (int i = 0; i < each.length; i++) {
          if (each[i] != null) {
            row.set(i, each[i]);
          }
        }
        rows.add(row);
      }
      BatchResult result = writer.write(new Batch(schema, rows, true)).block(Sandbox.PATIENCE);
      assertThat(result).isNotNull();
      return result;
    } finally {
      writer.close().block(Sandbox.PATIENCE);
    }
  }

  private static Object[] row(Object... values) {
    return values;
  }

  private static void assertConflict(BatchResult result, int row) {
    assertThat(result.rejected()).containsOnlyKeys(row);
    assertThat(result.rejected().get(row))
        .isInstanceOf(RedisWriteException.class)
        .hasMessageContaining("already exists");
  }

  @ParameterizedTest
  @EnumSource(ConflictStrategy.class)
  void set(ConflictStrategy strategy) {
    redis.sync().set(redis.key("a"), "old");
    Schema schema = schema(strategy, List.of("id"), "id", "value");

    BatchResult result =
        write(
            schema, RedisMapping.set(redis.key("{id}"), "value"), row("a", "new"), row("b", "new"));

    boolean overwrites =
        strategy == ConflictStrategy.REPLACE || strategy == ConflictStrategy.UPDATE;
    assertThat(redis.sync().get(redis.key("a"))).isEqualTo(overwrites ? "new" : "old");
    assertThat(redis.sync().get(redis.key("b"))).isEqualTo("new");
    switch (strategy) {
      case FAIL -> assertConflict(result, 0);
      case IGNORE ->
          assertThat(result.verdicts()).containsExactly(RowVerdict.IGNORED, RowVerdict.INSERTED);
      case REPLACE, UPDATE ->
          assertThat(result.verdicts()).containsOnly(RowVerdict.WRITTEN).hasSize(2);
    }
  }

  @Test
  void setExpiresAfterAFixedTimeOrTheRowsOwn() {
    Schema schema = schema(ConflictStrategy.REPLACE, List.of("id"), "id", "value", "ttl");
    RedisMapping mapping = RedisMapping.set(redis.key("{id}"), "value");

    write(schema, mapping.expireAfter(Duration.ofHours(1)), row("a", "v"));
    write(
        schema,
        mapping.expireAfter("ttl"),
        row("b", "v", 3_600),
        row("c", "v", Duration.ofHours(1)),
        row("d", "v"));

    for (String key : List.of("a", "b", "c")) {
      assertThat(redis.sync().pttl(redis.key(key))).as(key).isCloseTo(HOUR, within(LEEWAY));
    }
    assertThat(redis.sync().pttl(redis.key("d"))).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource(ConflictStrategy.class)
  void hash(ConflictStrategy strategy) {
    redis.sync().hset(redis.key("a"), Map.of("x", "1", "y", "1"));
    Schema schema = schema(strategy, List.of("id"), "id", "x", "z");

    BatchResult result =
        write(
            schema,
            RedisMapping.hset(redis.key("{id}")).expireAfter(Duration.ofHours(1)),
            row("a", "2"),
            row("b", "2", "2"));

    assertThat(redis.sync().hgetall(redis.key("a")))
        .isEqualTo(
            switch (strategy) {
              case FAIL, IGNORE -> Map.of("x", "1", "y", "1");
              case REPLACE -> Map.of("x", "2");
              case UPDATE -> Map.of("x", "2", "y", "1");
            });
    assertThat(redis.sync().hgetall(redis.key("b"))).isEqualTo(Map.of("x", "2", "z", "2"));
    assertThat(redis.sync().pttl(redis.key("b"))).isCloseTo(HOUR, within(LEEWAY));
    boolean untouched = strategy == ConflictStrategy.FAIL || strategy == ConflictStrategy.IGNORE;
    assertThat(redis.sync().pttl(redis.key("a")) == -1).isEqualTo(untouched);
    switch (strategy) {
      case FAIL -> assertConflict(result, 0);
      case IGNORE ->
          assertThat(result.verdicts()).containsExactly(RowVerdict.IGNORED, RowVerdict.INSERTED);
      case REPLACE ->
          assertThat(result.verdicts()).containsExactly(RowVerdict.UPDATED, RowVerdict.INSERTED);
      case UPDATE -> assertThat(result.verdicts()).containsOnly(RowVerdict.WRITTEN).hasSize(2);
    }
  }

  @Test
  void replacingAHashReplacesWhateverIsThere() {
    redis.sync().set(redis.key("a"), "a string");
    Schema schema = schema(ConflictStrategy.REPLACE, List.of("id"), "id", "x");

    BatchResult result = write(schema, RedisMapping.hset(redis.key("{id}")), row("a", "1"));

    assertThat(result.rejected()).isEmpty();
    assertThat(redis.sync().hgetall(redis.key("a"))).isEqualTo(Map.of("x", "1"));
  }

  @ParameterizedTest
  @EnumSource(ConflictStrategy.class)
  void fieldOfAHash(ConflictStrategy strategy) {
    redis.sync().hset(redis.key("h"), "a", "old");
    Schema schema = schema(strategy, List.of("field"), "field", "value");

    BatchResult result =
        write(
            schema,
            RedisMapping.hset(redis.key("h"), "field", "value"),
            row("a", "new"),
            row("b", "new"));

    boolean overwrites =
        strategy == ConflictStrategy.REPLACE || strategy == ConflictStrategy.UPDATE;
    assertThat(redis.sync().hgetall(redis.key("h")))
        .isEqualTo(Map.of("a", overwrites ? "new" : "old", "b", "new"));
    assertThat(result.rejected().isEmpty()).isEqualTo(strategy != ConflictStrategy.FAIL);
    if (overwrites) {
      assertThat(result.verdicts()).containsExactly(RowVerdict.UPDATED, RowVerdict.INSERTED);
    }
  }

  @Test
  void hsetnxLeavesWhatIsThere() {
    redis.sync().hset(redis.key("h"), "a", "old");
    Schema schema = schema(ConflictStrategy.IGNORE, List.of("field"), "field", "value");

    BatchResult result =
        write(
            schema,
            RedisMapping.hsetnx(redis.key("h"), "field", "value"),
            row("a", "new"),
            row("b", "new"));

    assertThat(redis.sync().hgetall(redis.key("h"))).isEqualTo(Map.of("a", "old", "b", "new"));
    assertThat(result.affectedRows()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(ConflictStrategy.class)
  void sortedSet(ConflictStrategy strategy) {
    redis.sync().zadd(redis.key("z"), 1.0, "a");
    Schema schema = schema(strategy, List.of("member"), "member", "score");

    BatchResult result =
        write(
            schema,
            RedisMapping.zadd(redis.key("z"), "score", "member"),
            row("a", 2.5),
            row("b", 3L));

    boolean overwrites =
        strategy == ConflictStrategy.REPLACE || strategy == ConflictStrategy.UPDATE;
    assertThat(redis.sync().zscore(redis.key("z"), "a")).isEqualTo(overwrites ? 2.5 : 1.0);
    assertThat(redis.sync().zscore(redis.key("z"), "b")).isEqualTo(3.0);
    if (strategy == ConflictStrategy.FAIL) {
      assertConflict(result, 0);
    } else {
      assertThat(result.verdicts())
          .containsExactly(
              overwrites ? RowVerdict.UPDATED : RowVerdict.IGNORED, RowVerdict.INSERTED);
    }
  }

  @ParameterizedTest
  @EnumSource(ConflictStrategy.class)
  void places(ConflictStrategy strategy) {
    redis.sync().geoadd(redis.key("g"), 13.361389, 38.115556, "Palermo");
    Schema schema = schema(strategy, List.of("name"), "name", "lon", "lat");

    BatchResult result =
        write(
            schema,
            RedisMapping.geoadd(redis.key("g"), "lon", "lat", "name"),
            row("Palermo", 0.0, 0.0),
            row("Catania", 15.087269, 37.502669));

    boolean overwrites =
        strategy == ConflictStrategy.REPLACE || strategy == ConflictStrategy.UPDATE;
    double longitude = redis.sync().geopos(redis.key("g"), "Palermo").get(0).getX().doubleValue();
    assertThat(longitude).isCloseTo(overwrites ? 0.0 : 13.361389, within(0.001));
    assertThat(redis.sync().zcard(redis.key("g"))).isEqualTo(2);
    assertThat(result.rejected().isEmpty()).isEqualTo(strategy != ConflictStrategy.FAIL);
  }

  @Test
  void membersOfASet() {
    redis.sync().sadd(redis.key("s"), "a");
    RedisMapping mapping = RedisMapping.sadd(redis.key("s"), "member");

    assertThat(
            write(
                    schema(ConflictStrategy.IGNORE, List.of("member"), "member"),
                    mapping,
                    row("a"),
                    row("b"))
                .verdicts())
        .containsExactly(RowVerdict.IGNORED, RowVerdict.INSERTED);
    assertConflict(
        write(schema(ConflictStrategy.FAIL, List.of(), "member"), mapping, row("b"), row("c")), 0);
    assertThat(redis.sync().smembers(redis.key("s"))).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void listsKeepTheOrderOfABatch() {
    Schema schema = schema(ConflictStrategy.FAIL, List.of(), "list", "value");

    write(
        schema,
        RedisMapping.rpush(redis.key("{list}"), "value"),
        row("r", "1"),
        row("r", "2"),
        row("r", "3"));
    write(schema, RedisMapping.lpush(redis.key("{list}"), "value"), row("l", "1"), row("l", "2"));

    assertThat(redis.sync().lrange(redis.key("r"), 0, -1)).containsExactly("1", "2", "3");
    assertThat(redis.sync().lrange(redis.key("l"), 0, -1)).containsExactly("2", "1");
  }

  @Test
  void streams() {
    Schema schema = schema(ConflictStrategy.FAIL, List.of(), "stream", "a", "b");
    RedisMapping mapping =
        RedisMapping.xadd(redis.key("{stream}"), XAddArgs.Builder.maxlen(2).exactTrimming());

    write(schema, mapping, row("s", "1", "x"), row("s", "2"), row("s", "3", "z"));

    assertThat(redis.sync().xrange(redis.key("s"), Range.unbounded()))
        .extracting(message -> message.getBody())
        .containsExactly(Map.of("a", "2"), Map.of("a", "3", "b", "z"));
  }

  @Test
  void countsSumsAndEstimates() {
    Schema schema = schema(ConflictStrategy.FAIL, List.of(), "id", "value");

    write(schema, RedisMapping.incrBy(redis.key("{id}"), "value"), row("n", 2), row("n", -5L));
    write(
        schema,
        RedisMapping.incrByFloat(redis.key("{id}"), "value").expireAfter(Duration.ofHours(1)),
        row("f", 0.25),
        row("f", 1));
    write(
        schema,
        RedisMapping.pfadd(redis.key("{id}"), "value"),
        row("p", "a"),
        row("p", "b"),
        row("p", "a"));

    assertThat(redis.sync().get(redis.key("n"))).isEqualTo("-3");
    assertThat(redis.sync().get(redis.key("f"))).isEqualTo("1.25");
    assertThat(redis.sync().pttl(redis.key("f"))).isCloseTo(HOUR, within(LEEWAY));
    assertThat(redis.sync().pfcount(redis.key("p"))).isEqualTo(2);
  }

  @Test
  void keysEndAndExpire() {
    redis.sync().set(redis.key("a"), "v");
    redis.sync().set(redis.key("b"), "v");
    Schema schema = schema(ConflictStrategy.FAIL, List.of(), "id", "ttl");

    write(schema, RedisMapping.del(redis.key("{id}")), row("a"), row("absent"));
    write(schema, RedisMapping.expire(redis.key("{id}")).expireAfter("ttl"), row("b", 3_600));

    assertThat(redis.sync().exists(redis.key("a"))).isZero();
    assertThat(redis.sync().pttl(redis.key("b"))).isCloseTo(HOUR, within(LEEWAY));
  }

  @Test
  void publish() {
    Schema schema = schema(ConflictStrategy.FAIL, List.of(), "channel", "message");

    BatchResult result =
        write(schema, RedisMapping.publish(redis.key("{channel}"), "message"), row("c", "hello"));

    assertThat(result.rejected()).isEmpty();
  }

  @Test
  void commandsOfOnesOwn() {
    Schema schema = schema(ConflictStrategy.FAIL, List.of(), "id", "offset", "value");

    write(
        schema,
        RedisMapping.command("SETRANGE", redis.key("{id}"), "{offset}", "<{value}>"),
        row("a", 2, "x"));
    write(
        schema,
        RedisMapping.command("APPEND", redis.key("{id}"), row -> List.of(row.value("value") + "!")),
        row("a", 0, "y"));

    assertThat(redis.sync().get(redis.key("a"))).isEqualTo("\0\0<x>y!");
  }

  @Test
  void rawCommandsNeedNoMapping() {
    Schema schema = schema(ConflictStrategy.FAIL, List.of(), "cmd", "key", "a", "b");
    RedisBatchWriter writer = redis.writer().build();

    BatchResult result =
        writer
            .write(
                new Batch(
                    schema,
                    List.of(
                        schema.row().set("cmd", "set").set("key", redis.key("a")).set("a", "v"),
                        schema
                            .row()
                            .set("cmd", "HSET")
                            .set("key", redis.key("h"))
                            .set("a", "f")
                            .set("b", 7),
                        schema.row().set("cmd", "MULTI").set("key", redis.key("x")),
                        schema.row().set("cmd", "NOSUCH").set("key", redis.key("x")))))
            .block(Sandbox.PATIENCE);
    writer.close().block(Sandbox.PATIENCE);

    assertThat(redis.sync().get(redis.key("a"))).isEqualTo("v");
    assertThat(redis.sync().hget(redis.key("h"), "f")).isEqualTo("7");
    assertThat(result).isNotNull();
    assertThat(result.rejected()).containsOnlyKeys(2, 3);
    assertThat(result.rejected().get(2)).hasMessageContaining("changes or blocks the connection");
  }

  @ParameterizedTest
  @EnumSource(ConflictStrategy.class)
  void aStrategyThatMeansNothingIsRejectedWhenItIsMapped(ConflictStrategy strategy) {
    Schema schema = schema(strategy, List.of("id", "value"), "id", "value");
    List<RedisMapping> plain =
        List.of(
            RedisMapping.rpush("{id}", "value"),
            RedisMapping.incrBy("{id}", "value"),
            RedisMapping.xadd("{id}"),
            RedisMapping.pfadd("{id}", "value"),
            RedisMapping.publish("{id}", "value"));

    for (RedisMapping mapping : plain) {
      if (strategy == ConflictStrategy.FAIL) {
        assertThat(redis.writer().map(schema, mapping)).isNotNull();
      } else {
        assertThatThrownBy(() -> redis.writer().map(schema, mapping))
            .isInstanceOf(InvalidConfigurationException.class)
            .hasMessageContaining("table 't'");
      }
    }
    boolean overwrites =
        strategy == ConflictStrategy.REPLACE || strategy == ConflictStrategy.UPDATE;
    if (overwrites) {
      assertThatThrownBy(() -> redis.writer().map(schema, RedisMapping.sadd("{id}", "value")))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("sadd does not support");
    }
  }
}
