package io.batchflow.internal.submit;

import io.batchflow.BatchWriter;
import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.unit.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which kinds of rows a writer supports. */
final class SupportedRows {

  private SupportedRows() {}

  /** Returns the error of a row that the writer cannot write; null if it can. */
  static @Nullable InvalidRowException check(Row row, BatchWriter writer) {
    if (!Unit.isUnit(row)) {
      return row.schema().equals(Unit.SCHEMA) ? noUnit(row) : checkSingle(row, writer);
    }
    if (!writer.supportsUnits()) {
      return InvalidRowException.noUnits(Unit.tables(row));
    }
    List<Row> rows = Unit.rows(row);
    for (int position = 0; position < rows.size(); position++) {
      InvalidRowException unsupported = checkSingle(rows.get(position), writer);
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

  private static @Nullable InvalidRowException checkSingle(Row row, BatchWriter writer) {
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
