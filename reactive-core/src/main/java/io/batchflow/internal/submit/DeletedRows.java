package io.batchflow.internal.submit;

import io.batchflow.Row;
import io.batchflow.Schema;

/** Makes rows that delete the keys of objects. */
record DeletedRows<T>(MappedRows<T, ?> stored) implements RowSource<T> {

  @Override
  public Row row(T value) {
    return stored.schema().delete();
  }

  @Override
  public void fill(T value, Row row) {
    Row mapped = stored.row(value);
    stored.fill(value, mapped);
    Schema schema = stored.schema();
    for (int i = 0; i < schema.conflictKey().size(); i++) {
      int position = schema.keyPosition(i);
      if (mapped.isSet(position)) {
        row.set(position, mapped.value(position));
      }
    }
  }
}
