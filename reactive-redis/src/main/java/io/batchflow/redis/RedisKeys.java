package io.batchflow.redis;

import io.batchflow.KeyEquality;
import io.batchflow.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows are one to Redis where they write to the same: a key of the same bytes, as template and
 * codec make it, and in it the same field or member.
 *
 * @param parts what tells one thing from another: the key first
 */
record RedisKeys(List<Bytes> parts) implements KeyEquality {

  RedisKeys {
    parts = List.copyOf(parts);
  }

  /** Null where the row can be no command: it is refused when it is to become one. */
  @Override
  public @Nullable Object key(Request row) {
    try {
      ByteBuffer key = ByteBuffer.wrap(parts.get(0).of(row));
      if (parts.size() == 1) {
        return key;
      }
      List<ByteBuffer> all = new ArrayList<>(parts.size());
      all.add(key);
      for (Bytes part : parts.subList(1, parts.size())) {
        all.add(ByteBuffer.wrap(part.of(row)));
      }
      return all;
    } catch (RuntimeException refused) {
      return null;
    }
  }

  @Override
  public boolean isExact() {
    return true;
  }
}
