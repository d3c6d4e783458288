package io.batchflow.kafka.connect;

import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** The fields of a key or a value: a Struct, a map, or a single value without a name. */
record Fields(@Nullable Schema schema, @Nullable Object value) {

  static final Fields NONE = new Fields(null, null);

  /** Takes a field. */
  @FunctionalInterface
  interface Visitor {

    void field(String name, @Nullable Schema schema, @Nullable Object value);
  }

  boolean isNamed() {
    return value instanceof Struct || value instanceof Map;
  }

  /** Returns the fields of a field. */
  Fields nested(String name) {
    Field field = schema == null ? null : schema.field(name);
    return new Fields(field == null ? null : field.schema(), get(name));
  }

  @Nullable Object get(String name) {
    if (value instanceof Struct struct) {
      return struct.schema().field(name) == null ? null : struct.get(name);
    }
    return value instanceof Map<?, ?> map ? map.get(name) : null;
  }

  /**
   * Visits all fields.
   *
   * @throws DataException if the value has no named fields
   */
  void visit(Visitor visitor) {
    if (value instanceof Struct struct) {
      List<Field> fields = struct.schema().fields();
      for (Field field : fields) {
        visitor.field(field.name(), field.schema(), struct.get(field));
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((name, each) -> visitor.field(String.valueOf(name), null, each));
    } else {
      throw new DataException(
          "The record has no named fields. Use a converter that returns a Struct or a map, or the"
              + " transformation HoistField");
    }
  }
}
