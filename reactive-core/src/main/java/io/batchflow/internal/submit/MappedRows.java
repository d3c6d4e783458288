package io.batchflow.internal.submit;

import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.table.RowMapper;
import java.util.function.Function;

/**
 * Makes rows of what a function reads and a mapper maps. Whatever these throw is the error of that
 * row.
 *
 * @param deletes whether the rows delete the keys of what is read
 */
record MappedRows<S, T>(
    Schema schema,
    Function<? super S, ? extends T> reader,
    RowMapper<? super T> mapper,
    boolean deletes)
    implements RowSource<S> {

  @Override
  public Row row(S value) {
    return deletes ? schema.delete() : schema.row();
  }

  @Override
  public void fill(S value, Row row) {
    try {
      T read = reader.apply(value);
      if (read == null) {
        throw InvalidRowException.noObject(schema.table());
      }
      if (deletes) {
        mapper.mapKey(read, row);
      } else {
        mapper.map(read, row);
      }
    } catch (InvalidRowException invalid) {
      throw invalid;
    } catch (Throwable thrown) {
      throw InvalidRowException.unmappable(schema.table(), thrown);
    }
  }
}
