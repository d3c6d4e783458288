package io.batchflow.spi;

import org.jspecify.annotations.Nullable;

/**
 * Turns the values of a property into values of its column, for example an object into JSON.
 *
 * <p>Thread-safe. An exception costs only the object that it was thrown for.
 *
 * @param <V> the type of the property
 */
@FunctionalInterface
public interface ColumnCodec<V> {

  /**
   * Returns the value to store: any object that the backend's driver accepts, or null.
   *
   * @param value the value of the property; never null, since null is stored as null
   */
  @Nullable Object encode(V value);
}
