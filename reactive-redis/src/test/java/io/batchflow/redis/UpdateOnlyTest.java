package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.AbsentStrategy;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.InvalidRowException;
import io.batchflow.OutcomeStatus;
import io.batchflow.RowAbsentException;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** Rows that update what exists, and store nothing new. */
@Tag("server")
class UpdateOnlyTest extends CommandScene {

  private static Schema schema(AbsentStrategy strategy, List<String> key, String... columns) {
    return Schema.table("t")
        .columns(columns)
        .conflictKey(key)
        .onConflict(ConflictStrategy.UPDATE)
        .onAbsent(strategy)
        .build();
  }

  /** The second of three rows is the one whose key is absent. */
  private static void assertRejected(BatchResult result) {
    assertThat(result.rejected()).containsOnlyKeys(1);
    assertThat(result.rejected().get(1)).isInstanceOf(RowAbsentException.class);
    assertThat(result.affectedRows()).isEqualTo(2);
    assertThat(result.verdicts().get(0)).isEqualTo(RowVerdict.UPDATED);
    assertThat(result.verdicts().get(2)).isEqualTo(RowVerdict.UPDATED);
  }

  private static void assertIgnored(BatchResult result) {
    assertThat(result.rejected()).isEmpty();
    assertThat(result.affectedRows()).isEqualTo(2);
    assertThat(result.verdicts())
        .containsExactly(RowVerdict.UPDATED, RowVerdict.ABSENT, RowVerdict.UPDATED);
  }

  @Test
  void aTextIsReplacedIfItsKeyExists() {
    redis.sync().set(redis.key(1), "old");
    redis.sync().set(redis.key(3), "old");
    RedisMapping mapping = RedisMapping.set("{id}", "v").expireAfter(Duration.ofHours(1));
    Object[][] rows = {
      row(redis.key(1), "new"), row(redis.key(2), "none"), row(redis.key(3), "new")
    };
    assertRejected(write(schema(AbsentStrategy.REJECT, List.of("id"), "id", "v"), mapping, rows));
    assertIgnored(write(schema(AbsentStrategy.IGNORE, List.of("id"), "id", "v"), mapping, rows));

    assertThat(redis.keys()).containsExactlyInAnyOrder(redis.key(1), redis.key(3));
    assertThat(redis.sync().get(redis.key(3))).isEqualTo("new");
    assertThat(redis.sync().pttl(redis.key(3))).isBetween(HOUR - LEEWAY, HOUR);
  }

  /** A hash that gets the values that it has is there all the same. */
  @Test
  void theFieldsOfAHashAreSetIfItsKeyExists() {
    redis.sync().hset(redis.key(1), Map.of("a", "old", "b", "old"));
    redis.sync().hset(redis.key(3), Map.of("a", "new"));
    Object[][] rows = {
      row(redis.key(1), "new"), row(redis.key(2), "none"), row(redis.key(3), "new")
    };
    RedisMapping mapping = RedisMapping.hset("{id}");
    List<String> key = List.of("id");
    assertRejected(write(schema(AbsentStrategy.REJECT, key, "id", "a", "b"), mapping, rows));
    assertThat(redis.sync().hgetall(redis.key(1))).isEqualTo(Map.of("a", "new", "b", "old"));
    assertThat(redis.sync().pttl(redis.key(1))).isEqualTo(-1);

    RedisMapping expiring = mapping.expireAfter(Duration.ofHours(1));
    assertIgnored(write(schema(AbsentStrategy.IGNORE, key, "id", "a", "b"), expiring, rows));
    assertThat(redis.sync().pttl(redis.key(1))).isBetween(HOUR - LEEWAY, HOUR);
    assertThat(redis.keys()).containsExactlyInAnyOrder(redis.key(1), redis.key(3));
  }

  @Test
  void aFieldOfAHashIsSetIfItExists() {
    redis.sync().hset(redis.key(1), Map.of("a", "old", "c", "new"));
    RedisMapping mapping = RedisMapping.hset("{id}", "f", "v").expireAfter(Duration.ofHours(1));
    Object[][] rows = {
      row(redis.key(1), "a", "new"), row(redis.key(1), "b", "none"), row(redis.key(1), "c", "new")
    };
    List<String> key = List.of("id", "f");
    assertRejected(write(schema(AbsentStrategy.REJECT, key, "id", "f", "v"), mapping, rows));
    assertIgnored(write(schema(AbsentStrategy.IGNORE, key, "id", "f", "v"), mapping, rows));

    assertThat(redis.sync().hgetall(redis.key(1))).isEqualTo(Map.of("a", "new", "c", "new"));
    assertThat(redis.sync().pttl(redis.key(1))).isBetween(HOUR - LEEWAY, HOUR);
  }

  @Test
  void aMemberOfASortedSetGetsItsScoreIfItExists() {
    redis.sync().zadd(redis.key(1), 1, "a");
    redis.sync().zadd(redis.key(1), 0, "c");
    RedisMapping mapping = RedisMapping.zadd("{id}", "s", "m");
    Object[][] rows = {
      row(redis.key(1), 5, "a"), row(redis.key(1), 5, "b"), row(redis.key(1), 0, "c")
    };
    List<String> key = List.of("id", "m");
    assertRejected(write(schema(AbsentStrategy.REJECT, key, "id", "s", "m"), mapping, rows));
    assertIgnored(write(schema(AbsentStrategy.IGNORE, key, "id", "s", "m"), mapping, rows));

    assertThat(redis.sync().zscore(redis.key(1), "a")).isEqualTo(5);
    assertThat(redis.sync().zcard(redis.key(1))).isEqualTo(2);
  }

  @Test
  void aPlaceMovesIfItExists() {
    redis.sync().geoadd(redis.key(1), 10, 10, "a");
    redis.sync().geoadd(redis.key(1), 20, 20, "c");
    RedisMapping mapping = RedisMapping.geoadd("{id}", "x", "y", "m");
    Object[][] rows = {
      row(redis.key(1), 30, 30, "a"), row(redis.key(1), 30, 30, "b"), row(redis.key(1), 20, 20, "c")
    };
    List<String> key = List.of("id", "m");
    assertRejected(write(schema(AbsentStrategy.REJECT, key, "id", "x", "y", "m"), mapping, rows));

    assertThat(redis.sync().geopos(redis.key(1), "a").get(0).getX().doubleValue())
        .isBetween(29.9, 30.1);
    assertThat(redis.sync().zcard(redis.key(1))).isEqualTo(2);
  }

  /** The caller gets the exception of any other database. */
  @Test
  void aFlowRejectsTheRow() {
    Schema texts = schema(AbsentStrategy.REJECT, List.of("id"), "id", "v");
    redis.sync().set(redis.key(1), "old");
    RedisBatchWriter writer = redis.writer().map(texts, RedisMapping.set("{id}", "v")).build();
    BatchFlow flow = BatchFlow.builder(writer).build();
    try {
      assertThat(
              flow.submitAll(
                      Flux.just(2, 1)
                          .map(id -> texts.row().set("id", redis.key(id)).set("v", "new")))
                  .collectList()
                  .block(Sandbox.PATIENCE))
          .satisfiesExactlyInAnyOrder(
              outcome -> {
                assertThat(outcome.status()).isEqualTo(OutcomeStatus.REJECTED);
                assertThat(outcome.error()).isInstanceOf(RowAbsentException.class);
              },
              outcome -> assertThat(outcome.isWritten()).isTrue());
    } finally {
      flow.close().block(Sandbox.PATIENCE);
    }
  }

  static Stream<RedisMapping> others() {
    return Stream.of(
        RedisMapping.hsetnx("{id}", "f", "v"),
        RedisMapping.sadd("{id}", "f"),
        RedisMapping.rpush("{id}", "v"),
        RedisMapping.command("JSON.SET", "{id}", "$", "{v}"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void anotherMappingIsRefused(RedisMapping mapping) {
    Schema fields = schema(AbsentStrategy.REJECT, List.of("id", "f"), "id", "f", "v");
    assertThatThrownBy(() -> redis.writer().map(fields, mapping))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("'t'");
  }

  @Test
  void aRawCommandCannotOnlyUpdate() {
    Schema raw = schema(AbsentStrategy.REJECT, List.of("key"), "cmd", "key", "v");
    BatchFlow flow = BatchFlow.builder(redis.writer().build()).build();
    try {
      assertThatThrownBy(
              () ->
                  flow.submit(raw.row().set("cmd", "SET").set("key", redis.key(1)).set("v", "x"))
                      .block(Sandbox.PATIENCE))
          .isInstanceOf(InvalidRowException.class)
          .hasMessageContaining("may only update")
          .hasMessageContaining("onAbsent(INSERT)");
    } finally {
      flow.close().block(Sandbox.PATIENCE);
    }
  }
}
