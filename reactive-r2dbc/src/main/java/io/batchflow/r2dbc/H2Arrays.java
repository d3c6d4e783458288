package io.batchflow.r2dbc;

import io.r2dbc.spi.Parameter;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Arrays as r2dbc-h2 takes them: null within one only as a parameter, of whatever type. */
final class H2Arrays {

  private static final Parameter NULL = Parameters.in(R2dbcType.VARCHAR);

  private H2Arrays() {}

  static Object[] of(@Nullable Object[] values) {
    Object[] array = values;
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value != null && !(value instanceof Object[])) {
        continue;
      }
      if (array == values) {
        // Not by clone(), which would take numbers or texts alone where the caller's array does.
        array = Arrays.copyOf(values, values.length, Object[].class);
      }
      array[i] = value == null ? NULL : of((Object[]) value);
    }
    return array;
  }
}
