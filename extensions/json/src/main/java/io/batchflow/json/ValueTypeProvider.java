package io.batchflow.json;

import java.util.Collection;

/**
 * Gives value types beside the standard ones, for values of a driver's or of your own. Found by
 * {@link java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/io.batchflow.json.ValueTypeProvider}.
 */
@FunctionalInterface
public interface ValueTypeProvider {

  /** Returns the types; asked once. Each label and each Java type may be given once. */
  Collection<ValueType<?>> types();
}
