package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All other commands, and the strategies that a command does not support. */
@Tag("server")
class CommandsTest extends CommandScene {

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
