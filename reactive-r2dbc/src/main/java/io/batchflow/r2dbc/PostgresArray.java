package io.batchflow.r2dbc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Builds an array as the {@code array_recv} of the server reads it. The buffer is on the heap, so
 * that an array that is never sent needs no release.
 */
final class PostgresArray {

  /** Dimensions, null flag, type of the elements, number of elements, first index. */
  private static final int HEADER_BYTES = 5 * Integer.BYTES;

  private static final int ONE_DIMENSION = 1;
  private static final int MAY_HAVE_NULLS = 1;
  private static final int FIRST_INDEX = 1;

  /** The length of an element, and enough room for most elements. */
  private static final int BYTES_EACH = 12;

  private final PostgresType type;
  private final ByteBuf bytes;

  PostgresArray(PostgresType type, int size) {
    this.type = type;
    this.bytes = Unpooled.buffer(HEADER_BYTES + size * BYTES_EACH);
    bytes.writeInt(ONE_DIMENSION).writeInt(MAY_HAVE_NULLS).writeInt(type.oid);
    bytes.writeInt(size).writeInt(FIRST_INDEX);
  }

  /** Adds the next element; returns false if it has no binary form. */
  boolean add(@Nullable Object element) {
    return type.write(bytes, element);
  }

  /** Returns the object identifier of the array's type. */
  int oid() {
    return type.arrayOid;
  }

  ByteBuf bytes() {
    return bytes;
  }
}
