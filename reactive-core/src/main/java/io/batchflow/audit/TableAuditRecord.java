package io.batchflow.audit;

import io.batchflow.BatchFlowException;
import io.batchflow.control.TableOperation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation on a table, such as a pause or a change of its policy, or a row that was refused,
 * and who asked for it. Holds no values of rows. Immutable. Only the library should construct it:
 * components may be added.
 *
 * @param timestamp when it began, by the clock of the flow's scheduler
 * @param table the table
 * @param operation {@code pause}, {@code resume}, {@code flush}, {@code drain}, {@code policy}, or
 *     {@code write} for a row that was refused
 * @param user the caller, by the key of {@link AuditTrail.Builder#principal} or {@link
 *     AuditTrail#USER}; null if the caller's Context has none
 * @param details the options that changed, as {@code maxSize: 1000 -> 5000}; empty for other
 *     operations
 * @param durationMs the time until it ended, in milliseconds
 * @param recordCount the rows of the table without an outcome when it began; 1 for a row that was
 *     refused
 * @param success whether it did what was asked for
 * @param error why not: the message of an exception of this library, else the class; null if it did
 */
public record TableAuditRecord(
    Instant timestamp,
    String table,
    String operation,
    @Nullable String user,
    String details,
    long durationMs,
    long recordCount,
    boolean success,
    @Nullable String error) {

  static TableAuditRecord of(TableOperation operation, @Nullable String user) {
    return new TableAuditRecord(
        operation.time(),
        operation.table(),
        operation.kind().name().toLowerCase(Locale.ROOT),
        user,
        operation.details(),
        operation.took().toMillis(),
        operation.rows(),
        operation.isSuccess(),
        describe(operation.error()));
  }

  /** Returns the record of a row that was refused before the flow. */
  static TableAuditRecord refused(BatchFlowException reason, @Nullable String user) {
    return new TableAuditRecord(
        Instant.now(),
        String.valueOf(reason.table()),
        "write",
        user,
        "",
        0,
        1,
        false,
        describe(reason));
  }

  private static @Nullable String describe(@Nullable Throwable error) {
    if (error == null) {
      return null;
    }
    return error instanceof BatchFlowException ours
        ? ours.getMessage()
        : error.getClass().getName();
  }

  /**
   * Returns all values by the names that they have in logs and in JSON: {@code timestamp}, {@code
   * table}, {@code operation}, {@code user}, {@code details}, {@code duration_ms}, {@code
   * record_count}, {@code success} and {@code error}. In this order; new for each call.
   */
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("timestamp", timestamp);
    fields.put("table", table);
    fields.put("operation", operation);
    fields.put("user", user);
    fields.put("details", details);
    fields.put("duration_ms", durationMs);
    fields.put("record_count", recordCount);
    fields.put("success", success);
    fields.put("error", error);
    return fields;
  }
}
