package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The commands of strings and hashes with every strategy. */
@Tag("server")
class StringAndHashCommandsTest extends CommandScene {

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
}
