package io.batchflow.redis;

import io.batchflow.KeyEquality;
import io.batchflow.Row;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows by what they write to: a key with the same bytes, and the same field or member of
 * it.
 *
 * @param parts the key, and the field or member if there is one
 */
record RedisKeys(List<Part> parts) implements KeyEquality {

  RedisKeys {
    parts = List.copyOf(parts);
  }

  /** Returns a part of a row: as text if its bytes are valid UTF-8, otherwise as bytes. */
  @FunctionalInterface
  interface Part {

    Object of(Row row);
  }

  /** Returns the part that a template makes. With a single column it is the column's value. */
  static Part of(SchemaBinding binding, KeyTemplate template) {
    if (template.columns().size() == 1) {
      return of(binding, template.columns().get(0));
    }
    RowBytes key = binding.key(template);
    return row -> ByteBuffer.wrap(key.of(row));
  }

  /** Returns the part that is a column's value. Plain values skip the standard codec. */
  static Part of(SchemaBinding binding, String column) {
    int position = binding.position(column);
    boolean standard = binding.codec() == StandardCodec.INSTANCE;
    return row -> {
      Object value = row.value(position);
      if (standard && value instanceof String) {
        return value;
      }
      return standard && (value instanceof Long || value instanceof Integer)
          ? value.toString()
          : text(binding.bytes(row, position));
    };
  }

  private static Object text(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    boolean faithful = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
    return faithful ? text : ByteBuffer.wrap(bytes);
  }

  /** Returns null for a row that cannot be encoded. It is rejected later. */
  @Override
  public @Nullable Object key(Row row) {
    try {
      if (parts.size() == 1) {
        return parts.get(0).of(row);
      }
      List<Object> all = new ArrayList<>(parts.size());
      for (Part part : parts) {
        all.add(part.of(row));
      }
      return all;
    } catch (RuntimeException rejected) {
      return null;
    }
  }

  @Override
  public boolean isExact() {
    return true;
  }
}
