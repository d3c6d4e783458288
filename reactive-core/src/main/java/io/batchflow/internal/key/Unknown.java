package io.batchflow.internal.key;

import io.batchflow.KeyEquality;
import io.batchflow.Row;
import org.jspecify.annotations.Nullable;

/** {@link KeyEquality#unknown()}: any two rows may get the same key, and none certainly do. */
public enum Unknown implements KeyEquality {
  INSTANCE;

  @Override
  public @Nullable Object key(Row row) {
    return ByBackend.INSTANCE.key(row);
  }

  @Override
  public boolean isExact() {
    return false;
  }
}
