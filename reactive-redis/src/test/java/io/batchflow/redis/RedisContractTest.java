package io.batchflow.redis;

import io.batchflow.AbsentStrategy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.contract.BatchWriterContract;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;

/** The contract of writers. */
@Tag("server")
class RedisContractTest extends BatchWriterContract {

  private static final Schema HASHES =
      Schema.table("hashes").columns("id", "name").conflictKey("id").build();

  private static final Schema REPLACED =
      Schema.table("replaced")
          .columns("id", "name")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private static final Map<AbsentStrategy, Schema> UPDATED =
      Map.of(
          AbsentStrategy.REJECT, updated(AbsentStrategy.REJECT),
          AbsentStrategy.IGNORE, updated(AbsentStrategy.IGNORE));

  private static final String HALF_A_PAIR = "\ud800";

  private static Schema updated(AbsentStrategy strategy) {
    return Schema.table("replaced")
        .columns("id", "name")
        .conflictKey("id")
        .onConflict(ConflictStrategy.UPDATE)
        .onAbsent(strategy)
        .build();
  }

  private final Sandbox redis = Sandbox.open();

  @Override
  protected BatchWriter open() {
    RedisBatchWriter.Builder writer =
        redis
            .writer()
            .map(HASHES, RedisMapping.hset("{id}"))
            .map(REPLACED, RedisMapping.hset("{id}"));
    UPDATED.values().forEach(schema -> writer.map(schema, RedisMapping.hset("{id}")));
    return writer.build();
  }

  @Override
  protected Row replacingRow(long id) {
    return REPLACED.row().set("id", redis.key(id)).set("name", "name " + id);
  }

  @Override
  protected Row updatingRow(long id, AbsentStrategy strategy) {
    return Objects.requireNonNull(UPDATED.get(strategy))
        .row()
        .set("id", redis.key(id))
        .set("name", "updated");
  }

  @Override
  protected Row goodRow(long id) {
    return HASHES.row().set("id", redis.key(id)).set("name", "name " + id);
  }

  @Override
  protected Row badRow(long id) {
    return HASHES.row().set("id", redis.key(id)).set("name", HALF_A_PAIR);
  }

  @Override
  protected long storedRows() {
    return redis.keys().size();
  }

  @Override
  protected void cleanUp() {
    redis.close();
  }
}
