package io.batchflow.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The value types that there are: the standard ones, and those of the providers. Immutable. */
final class ValueTypes {

  private final List<ValueType<?>> all = new ArrayList<>();
  private final Map<Class<?>, ValueType<?>> byClass = new HashMap<>();
  private final Map<String, ValueType<?>> byLabel = new HashMap<>();

  private ValueTypes() {
    addAll(JavaTypes.types());
    addAll(TimeTypes.types());
    addWhere("java.sql.Timestamp", SqlTimeTypes::types);
    addWhere("io.r2dbc.postgresql.codec.Json", PostgresTypes::types);
    // Subtypes of java.util.Date come before it.
    addAll(JavaTypes.last());
    ServiceLoader.load(ValueTypeProvider.class, ValueTypes.class.getClassLoader())
        .forEach(provider -> addAll(provider.types()));
  }

  private static final class Loaded {
    static final ValueTypes TYPES = new ValueTypes();
  }

  static ValueTypes get() {
    return Loaded.TYPES;
  }

  /** Adds types of a library that may not be there. */
  private void addWhere(String className, Supplier<List<ValueType<?>>> types) {
    try {
      Class.forName(className, false, ValueTypes.class.getClassLoader());
    } catch (ClassNotFoundException notThere) {
      return;
    }
    addAll(types.get());
  }

  private void addAll(Collection<ValueType<?>> types) {
    for (ValueType<?> type : types) {
      if (ValueJson.LABELS.contains(type.label())
          || byLabel.putIfAbsent(type.label(), type) != null
          || byClass.putIfAbsent(type.type(), type) != null) {
        throw new IllegalStateException(
            "The value type '"
                + type.label()
                + "' for "
                + type.type().getName()
                + " is there already. Give each label and each Java type once.");
      }
      all.add(type);
    }
  }

  /** Returns the type of a value: its class's own, or else the first that its class is one of. */
  @Nullable ValueType<?> ofValue(Object value) {
    ValueType<?> own = byClass.get(value.getClass());
    if (own != null) {
      return own;
    }
    for (ValueType<?> type : all) {
      if (type.type().isInstance(value)) {
        return type;
      }
    }
    return null;
  }

  @Nullable ValueType<?> ofClass(Class<?> type) {
    return byClass.get(type);
  }

  @Nullable ValueType<?> ofLabel(String label) {
    return byLabel.get(label);
  }
}
