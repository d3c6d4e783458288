package io.batchflow.r2dbc;

import io.r2dbc.spi.Parameter;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** r2dbc-h2. It takes a null in an array only as a parameter, of any type. */
final class H2Driver implements R2dbcDriver {

  private static final Parameter NULL = Parameters.in(R2dbcType.VARCHAR);

  @Override
  public Object[] array(@Nullable Object[] values) {
    Object[] array = values;
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value != null && !(value instanceof Object[])) {
        continue;
      }
      if (array == values) {
        // Not clone(): a copy of Integer[] or String[] could not hold the parameter.
        array = Arrays.copyOf(values, values.length, Object[].class);
      }
      array[i] = value == null ? NULL : array((Object[]) value);
    }
    return array;
  }
}
