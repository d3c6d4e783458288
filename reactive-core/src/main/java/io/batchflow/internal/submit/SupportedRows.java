package io.batchflow.internal.submit;

import io.batchflow.BatchWriter;
import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.unit.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which kinds of rows a writer supports. */
final class SupportedRows {

  private final BatchWriter writer;

  /** The Schema of the last row that stores and was supported; a race does no harm. */
  private @Nullable Schema supported;

  SupportedRows(BatchWriter writer) {
    this.writer = writer;
  }

  /** Returns the error of a row that the writer cannot write; null if it can. */
  @SuppressWarnings("ReferenceEquality") // a short cut, as most rows follow one of their table
  @Nullable InvalidRowException check(Row row) {
    Schema schema = row.schema();
    if (schema == supported && !row.isDelete()) {
      return null;
    }
    if (schema.equals(Unit.SCHEMA)) {
      return Unit.isUnit(row) ? checkUnit(row) : noUnit(row);
    }
    InvalidRowException unsupported = checkSingle(row);
    if (unsupported == null && !row.isDelete()) {
      supported = schema;
    }
    return unsupported;
  }

  private @Nullable InvalidRowException checkUnit(Row row) {
    if (!writer.supportsUnits()) {
      return InvalidRowException.noUnits(Unit.tables(row));
    }
    List<Row> rows = Unit.rows(row);
    for (int position = 0; position < rows.size(); position++) {
      InvalidRowException unsupported = checkSingle(rows.get(position));
      if (unsupported != null) {
        unsupported.initRow(rows.get(position), position);
        return unsupported;
      }
    }
    return null;
  }

  private static InvalidRowException noUnit(Row row) {
    return new InvalidRowException(
        row.schema().table(), null, "it holds no rows of a unit", "Make units with Unit.of");
  }

  private @Nullable InvalidRowException checkSingle(Row row) {
    if (row.isDelete() && !writer.supportsDeletes(row.schema())) {
      return InvalidRowException.deletesNothing(row.schema().table());
    }
    if (row.schema().isUpdateOnly() && !writer.supportsUpdateOnly(row.schema())) {
      return InvalidRowException.updatesNothing(row.schema().table());
    }
    if (!row.schema().returning().isEmpty() && !writer.returnsValues()) {
      return InvalidRowException.returnsNothing(row.schema().table());
    }
    return null;
  }
}
