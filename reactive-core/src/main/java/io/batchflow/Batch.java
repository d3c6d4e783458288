package io.batchflow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one {@link Schema} that are written together: one atomic write.
 *
 * <p>Rows that share a conflict key have been merged into one, and rows are sorted by that key, so
 * that two batches with keys in common take their locks in the same order. Immutable.
 *
 * @param schema the schema of every request
 * @param requests the rows, at least one; unmodifiable
 * @param rowVerdicts whether the writer shall tell, where it can, what each row did: see {@link
 *     BatchResult#withVerdicts}
 */
public record Batch(Schema schema, List<Request> requests, boolean rowVerdicts) {

  /**
   * Creates a batch of the given rows, in the given order.
   *
   * @throws NullPointerException if anything is null
   * @throws IllegalArgumentException if there is no request, or one of another schema
   */
  public Batch {
    Objects.requireNonNull(schema, "schema");
    requests = List.copyOf(requests);
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("A batch holds at least one request");
    }
    for (Request request : requests) {
      if (!request.schema().equals(schema)) {
        throw new IllegalArgumentException(
            "A batch for table '"
                + schema.table()
                + "' cannot hold a request for table '"
                + request.schema().table()
                + "'");
      }
    }
  }

  /** Creates a batch of which no verdicts are asked. */
  public Batch(Schema schema, List<Request> requests) {
    this(schema, requests, false);
  }

  /**
   * Returns the batch that a flow would make of these rows: sorted by conflict key, rows of one key
   * merged. The rows are fixed as by a submission.
   *
   * @param requests rows of one schema, at least one, in the order of their submission
   * @throws IllegalArgumentException if there is no request, or they are of several schemas
   * @throws InvalidRequestException if a required column of one is unset
   */
  public static Batch of(List<Request> requests) {
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("A batch holds at least one request");
    }
    Schema schema = requests.get(0).schema();
    if (schema.conflictKey().isEmpty()) {
      return new Batch(schema, requests.stream().map(Request::freeze).toList());
    }
    record Keyed(Request row, @Nullable Object key) {}
    List<Keyed> sorted =
        requests.stream()
            .map(row -> new Keyed(row.freeze(), ConflictKey.of(row)))
            .sorted(Comparator.comparing(Keyed::key, ConflictKey.NULLS_FIRST))
            .toList();
    List<Request> rows = new ArrayList<>();
    Object last = null;
    for (Keyed row : sorted) {
      if (schema.isMergeable() && last != null && last.equals(row.key)) {
        int index = rows.size() - 1;
        rows.set(index, Request.together(rows.get(index), row.row));
      } else {
        rows.add(row.row);
      }
      last = row.key;
    }
    return new Batch(schema, rows);
  }

  /**
   * Returns whether the strategy makes a second write of these rows harmless: it is not {@link
   * ConflictStrategy#FAIL}, and every row has a conflict key that its table knows it by. A row with
   * a null in its key conflicts with nothing, not even with itself.
   */
  public boolean isRepeatable() {
    return schema.isRepeatable()
        && requests.stream().noneMatch(request -> ConflictKey.of(request) == null);
  }

  /** Returns the number of rows. */
  public int size() {
    return requests.size();
  }

  /** Returns the estimated size of all values, in bytes. */
  public long estimatedBytes() {
    long bytes = 0;
    for (Request request : requests) {
      bytes += request.estimatedBytes();
    }
    return bytes;
  }
}
