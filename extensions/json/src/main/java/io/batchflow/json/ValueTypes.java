package io.batchflow.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All value types: the standard ones and those of the providers. Immutable. */
final class ValueTypes {

  private final List<ValueType<?>> all = new ArrayList<>();
  private final Map<Class<?>, ValueType<?>> byClass = new HashMap<>();
  private final Map<String, ValueType<?>> byLabel = new HashMap<>();

  private ValueTypes() {
    addAll(JavaTypes.types());
    addAll(TimeTypes.types());
    addWhere("java.sql.Timestamp", SqlTimeTypes::types);
    addWhere("io.r2dbc.postgresql.codec.Json", PostgresTypes::types);
    // java.util.Date comes after its subtypes.
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

  /** Adds types of an optional library. */
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
                + " exists already. Each label and each Java type must be unique.");
      }
      all.add(type);
    }
  }

  /**
   * Returns the type of a value: that of its class, or else the first type that it is an instance
   * of.
   */
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
