package io.batchflow;

import java.util.List;
import java.util.Objects;

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
