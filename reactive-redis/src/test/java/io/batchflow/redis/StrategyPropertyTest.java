package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;

/**
 * Several batches of random hashes and deletes. The result equals a plain map with the rules of the
 * strategy.
 */
@Tag("server")
class StrategyPropertyTest {

  private static final Sandbox REDIS = Sandbox.open();

  /** A row: its key, and the fields that it sets. */
  record RandomRow(int id, Map<String, String> fields, boolean delete) {

    Row toRow(Schema schema) {
      if (delete && schema.allowsDeletes()) {
        return schema.delete().set("id", REDIS.key(id));
      }
      Row row = schema.row().set("id", REDIS.key(id));
      fields.forEach(row::set);
      return row;
    }
  }

  @Provide
  Arbitrary<List<List<RandomRow>>> batches() {
    Arbitrary<String> text = Arbitraries.of("", "a", "é", "\uD83D\uDE00", "\0", "{}", " \r\n");
    Arbitrary<Map<String, String>> fields =
        Arbitraries.maps(Arbitraries.of("x", "y", "z"), text).ofMinSize(1);
    return Combinators.combine(
            Arbitraries.integers().between(1, 6), fields, Arbitraries.of(true, false, false))
        .as(RandomRow::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(20)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @AfterTry
  void empty() {
    List<String> keys = REDIS.keys();
    if (!keys.isEmpty()) {
      REDIS.sync().del(keys.toArray(new String[0]));
    }
  }

  @AfterContainer
  static void close() {
    REDIS.close();
  }

  @Property(tries = 100, seed = "20261121", shrinking = ShrinkingMode.BOUNDED)
  void batchesLeaveWhatTheirStrategySays(
      @ForAll ConflictStrategy strategy,
      @ForAll boolean merged,
      @ForAll("batches") List<List<RandomRow>> batches) {
    Schema schema =
        Schema.table("hashes")
            .columns("id", "x", "y", "z")
            .conflictKey("id")
            .onConflict(strategy)
            .build();
    Map<String, Map<String, String>> model = new TreeMap<>();
    RedisBatchWriter writer = REDIS.writer().map(schema, RedisMapping.hset("{id}")).build();
    try {
      for (List<RandomRow> rows : batches) {
        KeyEquality rule = merged ? writer.keyEquality(schema) : KeyEquality.byValue();
        Batch batch = Batch.of(rows.stream().map(row -> row.toRow(schema)).toList(), rule);
        long rejected = 0;
        for (RandomRow row : rows) {
          rejected += apply(model, strategy, row) ? 0 : 1;
        }
        BatchResult result = writer.write(batch).block(Sandbox.PATIENCE);
        assertThat(result).isNotNull();
        assertThat(result.rejected()).hasSize((int) rejected);
      }
    } finally {
      writer.close().block(Sandbox.PATIENCE);
    }
    Map<String, Map<String, String>> stored = new TreeMap<>();
    REDIS.keys().forEach(key -> stored.put(key, REDIS.sync().hgetall(key)));
    if (strategy == ConflictStrategy.FAIL) {
      assertThat(stored.keySet()).isEqualTo(model.keySet()); // the sort decides which one is first
    } else {
      assertThat(stored).isEqualTo(model);
    }
  }

  /** Returns whether the row is written. */
  private static boolean apply(
      Map<String, Map<String, String>> model, ConflictStrategy strategy, RandomRow row) {
    String key = REDIS.key(row.id());
    boolean deletes = strategy == ConflictStrategy.UPDATE || strategy == ConflictStrategy.REPLACE;
    if (row.delete() && deletes) {
      model.remove(key);
      return true;
    }
    switch (strategy) {
      case FAIL -> {
        return model.putIfAbsent(key, new HashMap<>(row.fields())) == null;
      }
      case IGNORE -> model.putIfAbsent(key, new HashMap<>(row.fields()));
      case REPLACE -> model.put(key, new HashMap<>(row.fields()));
      case UPDATE -> model.computeIfAbsent(key, absent -> new HashMap<>()).putAll(row.fields());
    }
    return true;
  }
}
