package io.batchflow.json;

import java.util.Collection;

/**
 * Provides additional value types, for types of a driver or your own. Found by {@link
 * java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/io.batchflow.json.ValueTypeProvider}.
 */
@FunctionalInterface
public interface ValueTypeProvider {

  /** Returns the types. Called once. Labels and Java types must be unique. */
  Collection<ValueType<?>> types();
}
