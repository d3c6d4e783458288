package io.batchflow;

import org.jspecify.annotations.Nullable;

/** {@link KeyEquality#byBackend()}: any two keys may be equal. */
enum ByBackend implements KeyEquality {
  INSTANCE;

  /** The one key of all rows. */
  static final Object ANY = "";

  @Override
  public @Nullable Object key(Request row) {
    for (int position : row.schema().keyPositions()) {
      if (row.value(position) == null) {
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
