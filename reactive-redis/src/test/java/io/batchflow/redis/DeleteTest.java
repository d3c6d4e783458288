package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows that delete their keys: DEL, HDEL and ZREM. */
@Tag("server")
class DeleteTest {

  private static final long HOUR = 3_600_000;

  private final Sandbox redis = Sandbox.open();

  @AfterEach
  void cleanUp() {
    redis.close();
  }

  private static Schema schema(ConflictStrategy strategy, List<String> key, String... columns) {
    return Schema.table("t").columns(columns).conflictKey(key).onConflict(strategy).build();
  }

  private static Row delete(Schema schema, Object... key) {
    Row row = schema.delete();
    for (int i = 0; i < key.length; i++) {
      row.set(schema.conflictKey().get(i), key[i]);
    }
    return row;
  }

  private static Row store(Schema schema, Object... values) {
    Row row = schema.row();
    for (int i = 0; i < values.length; i++) {
      row.set(i, values[i]);
    }
    return row;
  }

  /** Writes the batch that a flow makes of rows, or the rows as they are. */
  private BatchResult write(RedisMapping mapping, boolean merged, Row... rows) {
    Schema schema = rows[0].schema();
    RedisBatchWriter writer = redis.writer().map(schema, mapping).build();
    try {
      assertThat(writer.supportsDeletes(schema)).isTrue();
      Batch batch = Batch.of(List.of(rows), writer.keyEquality(schema));
      List<Row> written = merged ? batch.rows() : List.of(rows);
      Batch asked =
          merged
              ? Batch.assembled(schema, written, true, batch.keys(), batch.isDistinct())
              : new Batch(schema, written, true);
      return Objects.requireNonNull(writer.write(asked).block(Sandbox.PATIENCE));
    } finally {
      writer.close().block(Sandbox.PATIENCE);
    }
  }

  @Test
  void aKeyIsDeletedAndToldWhetherItWasThere() {
    Schema texts = schema(ConflictStrategy.REPLACE, List.of("id"), "id", "value");
    redis.sync().set(redis.key(1), "a");
    BatchResult result =
        write(
            RedisMapping.set("{id}", "value"),
            true,
            delete(texts, redis.key(1)),
            delete(texts, redis.key(2)),
            store(texts, redis.key(3), "c"));

    assertThat(result.rejected()).isEmpty();
    assertThat(result.verdicts())
        .containsExactly(RowVerdict.DELETED, RowVerdict.ABSENT, RowVerdict.WRITTEN);
    assertThat(redis.keys()).containsExactly(redis.key(3));
  }

  @Test
  void theLastRowOfAKeyDecidesInAnyBatch() {
    Schema texts = schema(ConflictStrategy.UPDATE, List.of("id"), "id", "value");
    for (boolean merged : new boolean[] {true, false}) {
      redis.sync().set(redis.key(1), "old");
      List<Row> rows = new ArrayList<>();
      IntStream.range(10, 600)
          .forEach(i -> rows.add(store(texts, redis.key(i % 40), "v" + i))); // several MSETs
      rows.add(delete(texts, redis.key(20)));
      rows.add(delete(texts, redis.key(21)));
      rows.add(store(texts, redis.key(21), "last"));
      rows.add(store(texts, redis.key(22), "last"));
      rows.add(delete(texts, redis.key(22)));
      write(RedisMapping.set("{id}", "value"), merged, rows.toArray(Row[]::new));

      assertThat(redis.sync().exists(redis.key(20))).isZero();
      assertThat(redis.sync().get(redis.key(21))).isEqualTo("last");
      assertThat(redis.sync().exists(redis.key(22))).isZero();
      assertThat(redis.sync().get(redis.key(23))).isEqualTo("v583");
    }
  }

  @Test
  void aHashStoredAfterADeleteHasNoneOfTheOldFieldsAndNoTimeToLive() {
    Schema hashes = schema(ConflictStrategy.UPDATE, List.of("id"), "id", "a", "b");
    redis.sync().hset(redis.key(1), Map.of("a", "old", "b", "old"));
    redis.sync().pexpire(redis.key(1), HOUR);
    redis.sync().hset(redis.key(2), Map.of("a", "old", "b", "old"));
    BatchResult result =
        write(
            RedisMapping.hset("{id}"),
            true,
            delete(hashes, redis.key(1)),
            store(hashes, redis.key(1), "new"),
            delete(hashes, redis.key(2)));

    assertThat(result.rejected()).isEmpty();
    assertThat(redis.sync().hgetall(redis.key(1))).isEqualTo(Map.of("a", "new"));
    assertThat(redis.sync().pttl(redis.key(1))).isEqualTo(-1);
    assertThat(redis.sync().exists(redis.key(2))).isZero();
  }

  @Test
  void aFieldOfAHashIsDeletedAlone() {
    Schema fields = schema(ConflictStrategy.UPDATE, List.of("id", "f"), "id", "f", "v");
    redis.sync().hset(redis.key(1), Map.of("a", "1", "b", "2"));
    BatchResult result =
        write(
            RedisMapping.hset("{id}", "f", "v").expireAfter(Duration.ofHours(1)),
            true,
            delete(fields, redis.key(1), "a"),
            delete(fields, redis.key(1), "b"),
            store(fields, redis.key(1), "b", "3"),
            delete(fields, redis.key(1), "c"));

    assertThat(result.rejected()).isEmpty();
    assertThat(redis.sync().hgetall(redis.key(1))).isEqualTo(Map.of("b", "3"));
    assertThat(redis.sync().pttl(redis.key(1))).isPositive();
  }

  @Test
  void aMemberOfASortedSetIsDeletedAlone() {
    Schema members = schema(ConflictStrategy.UPDATE, List.of("id", "m"), "id", "s", "m");
    redis.sync().zadd(redis.key(1), 1, "a");
    redis.sync().zadd(redis.key(1), 2, "b");
    write(
        RedisMapping.zadd("{id}", "s", "m"),
        true,
        delete(members, redis.key(1), "a"),
        delete(members, redis.key(1), "b"),
        store(members, redis.key(1), 5, "b"));

    assertThat(redis.sync().zscore(redis.key(1), "b")).isEqualTo(5);
    assertThat(redis.sync().zcard(redis.key(1))).isEqualTo(1);
  }

  /** Both are one command, but a row that Redis rejects must not take the delete with it. */
  @Test
  void aDeleteIsAppliedAlthoughTheRowAfterItIsBad() {
    Schema members = schema(ConflictStrategy.UPDATE, List.of("id", "m"), "id", "s", "m");
    redis.sync().zadd(redis.key(1), 1, "a");
    BatchResult rejected =
        write(
            RedisMapping.zadd("{id}", "s", "m"),
            true,
            delete(members, redis.key(1), "a"),
            store(members, redis.key(1), "no score", "a"));
    assertThat(rejected.rejected()).containsOnlyKeys(1);
    assertThat(rejected.verdicts().get(0)).isEqualTo(RowVerdict.WRITTEN);
    assertThat(redis.sync().exists(redis.key(1))).isZero();

    Schema texts = schema(ConflictStrategy.REPLACE, List.of("id"), "id", "value");
    redis.sync().set(redis.key(2), "old");
    BatchResult invalid =
        write(
            RedisMapping.set("{id}", "value"),
            true,
            delete(texts, redis.key(2)),
            store(texts, redis.key(2), (Object) null));
    assertThat(invalid.rejected()).containsOnlyKeys(1);
    assertThat(redis.sync().exists(redis.key(2))).isZero();
  }
}
