package io.batchflow.internal.key;

import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import org.jspecify.annotations.Nullable;

/** {@link KeyEquality#byBackend()}: any two keys may be equal. */
public enum ByBackend implements KeyEquality {
  INSTANCE;

  /** The key of all rows. */
  public static final Object ANY = "";

  @Override
  public @Nullable Object key(Row row) {
    Schema schema = row.schema();
    for (int i = 0; i < schema.conflictKey().size(); i++) {
      if (row.value(schema.keyPosition(i)) == null) {
        return null;
      }
    }
    return ANY;
  }

  @Override
  public boolean isExact() {
    return false;
  }
}
