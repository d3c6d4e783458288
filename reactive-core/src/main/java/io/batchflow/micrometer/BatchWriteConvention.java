package io.batchflow.micrometer;

import io.batchflow.Batch;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.unit.Unit;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import org.jspecify.annotations.Nullable;

/**
 * Names and key values of a batch write, by <a
 * href="https://opentelemetry.io/docs/specs/semconv/db/database-spans/">OpenTelemetry's conventions
 * for databases</a>. Extend it to change or add some. Subclasses must be thread-safe.
 */
public class BatchWriteConvention implements ObservationConvention<BatchWriteContext> {

  static final String BATCH_SIZE = "db.operation.batch.size";
  static final String ATTEMPT = "batchflow.attempt";

  /** Creates the convention. */
  public BatchWriteConvention() {}

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof BatchWriteContext;
  }

  /** Returns the name of the timer in a meter registry. */
  @Override
  public String getName() {
    return "db.client.operation.duration";
  }

  /** Returns the name of the span, such as {@code BATCH INSERT orders}. */
  @Override
  public String getContextualName(BatchWriteContext context) {
    return operation(context.batch()) + " " + context.batch().schema().table();
  }

  /** Returns the key values that may be tags of meters; {@code none} means no value, or not yet. */
  @Override
  public KeyValues getLowCardinalityKeyValues(BatchWriteContext context) {
    Batch batch = context.batch();
    return KeyValues.of(
        KeyValue.of("db.system.name", context.system()),
        KeyValue.of("db.collection.name", batch.schema().table()),
        KeyValue.of("db.operation.name", operation(batch)),
        KeyValue.of("db.response.status_code", orNone(context.statusCode())),
        KeyValue.of("error.type", orNone(context.errorType())),
        KeyValue.of("batchflow.outcome", orNone(context.outcome())),
        KeyValue.of("batchflow.retry", String.valueOf(batch.attempt() > 1)));
  }

  /** Returns the key values for spans only. By OpenTelemetry's rules, one row is not a batch. */
  @Override
  public KeyValues getHighCardinalityKeyValues(BatchWriteContext context) {
    Batch batch = context.batch();
    KeyValues values = KeyValues.of(ATTEMPT, String.valueOf(batch.attempt()));
    return batch.size() > 1 ? values.and(BATCH_SIZE, String.valueOf(batch.size())) : values;
  }

  /** The units of a batch may hold rows of all strategies, which the conventions call a batch. */
  private static String operation(Batch batch) {
    Schema schema = batch.schema();
    if (schema.equals(Unit.SCHEMA)) {
      return "BATCH";
    }
    String operation =
        switch (schema.onConflict()) {
          case FAIL, IGNORE -> "INSERT";
          case REPLACE -> onlyDeletes(batch) ? "DELETE" : "REPLACE";
          case UPDATE ->
              onlyDeletes(batch) ? "DELETE" : schema.isUpdateOnly() ? "UPDATE" : "UPSERT";
        };
    return batch.size() > 1 ? "BATCH " + operation : operation;
  }

  private static boolean onlyDeletes(Batch batch) {
    for (Row row : batch.rows()) {
      if (!row.isDelete()) {
        return false; // usually the first
      }
    }
    return true;
  }

  private static String orNone(@Nullable String value) {
    return value == null ? KeyValue.NONE_VALUE : value;
  }
}
