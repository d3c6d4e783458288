package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import io.lettuce.core.Range;
import io.lettuce.core.XAddArgs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The commands of sets, sorted sets, lists and streams with the strategies that they support. */
@Tag("server")
class CollectionCommandsTest extends CommandScene {

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
}
