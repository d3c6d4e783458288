package io.batchflow.table;

import io.batchflow.ConflictStrategy;
import io.batchflow.spi.ColumnCodec;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the builder of a mapper adds to the annotations of a class. */
final class MappingOptions {

  @Nullable String table;
  @Nullable ConflictStrategy onConflict;
  final Set<String> keys = new HashSet<>();
  final Set<String> ignored = new HashSet<>();
  final Map<String, ColumnCodec<?>> codecsOfProperties = new HashMap<>();
  final Map<Class<?>, ColumnCodec<?>> codecsOfTypes = new HashMap<>();
  UnaryOperator<String> naming = Names::snakeCase;
  MethodHandles.Lookup lookup = MethodHandles.lookup();

  /** Returns the properties that the options name. */
  Set<String> namedProperties() {
    Set<String> named = new TreeSet<>(keys);
    named.addAll(ignored);
    named.addAll(codecsOfProperties.keySet());
    return named;
  }
}
