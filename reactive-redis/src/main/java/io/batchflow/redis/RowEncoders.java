package io.batchflow.redis;

import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The encoders of a writer: of the Schemas that have a mapping, and of raw commands. */
final class RowEncoders {

  private static final int MAX_SCHEMAS = 1_000;

  private final RedisValueCodec codec;
  private final Map<Schema, RowEncoder> mapped;
  private final Map<Schema, RowEncoder> all = new ConcurrentHashMap<>();

  RowEncoders(Map<Schema, RedisMapping> mappings, RedisValueCodec codec) {
    this.codec = codec;
    mappings.forEach((schema, mapping) -> all.put(schema, new RowEncoder(schema, mapping, codec)));
    this.mapped = Map.copyOf(all);
  }

  /**
   * Returns the encoder of a Schema. A Schema without a mapping must have the columns of raw
   * commands.
   */
  RowEncoder of(Schema schema) {
    RowEncoder known = all.get(schema);
    if (known != null) {
      return known;
    }
    if (!schema.columns().containsAll(List.of(CustomCommands.Raw.NAME, CustomCommands.Raw.KEY))) {
      throw new RedisWriteException(
          FailureKind.UNUSABLE,
          schema,
          null,
          "there is no mapping for this Schema",
          "Give RedisBatchWriter one with map(...), or the Schema the columns cmd and key",
          null);
    }
    RowEncoder raw = new RowEncoder(schema, RedisMapping.raw(), codec);
    if (all.size() < MAX_SCHEMAS) {
      all.put(schema, raw);
    }
    return raw;
  }

  /** Returns whether rows can delete their keys. A Schema without a mapping is rejected later. */
  boolean supportsDeletes(Schema schema) {
    RowEncoder known = mapped.get(schema);
    return known == null || known.supportsDeletes();
  }

  /** Returns whether rows may only update. Raw commands cannot. */
  boolean supportsUpdateOnly(Schema schema) {
    return mapped.containsKey(schema);
  }

  /** Returns how keys are compared: by the bytes of the target; for raw commands, by the values. */
  KeyEquality keyEquality(Schema schema) {
    RowEncoder known = mapped.get(schema);
    return known == null ? KeyEquality.byValue() : known.keys();
  }
}
