package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Writes rows with a mapping to a real server, for tests that read the keys back. */
abstract class CommandScene {

  static final long HOUR = 3_600_000;
  static final long LEEWAY = 60_000;

  final Sandbox redis = Sandbox.open();

  @AfterEach
  void cleanUp() {
    redis.close();
  }

  static Schema schema(ConflictStrategy strategy, List<String> key, String... columns) {
    return Schema.table("t").columns(columns).conflictKey(key).onConflict(strategy).build();
  }

  /** Writes rows of values as one batch that asks for verdicts. */
  BatchResult write(Schema schema, RedisMapping mapping, Object[]... values) {
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

  static Object[] row(Object... values) {
    return values;
  }

  static void assertConflict(BatchResult result, int row) {
    assertThat(result.rejected()).containsOnlyKeys(row);
    assertThat(result.rejected().get(row))
        .isInstanceOf(RedisWriteException.class)
        .hasMessageContaining("already exists");
  }
}
