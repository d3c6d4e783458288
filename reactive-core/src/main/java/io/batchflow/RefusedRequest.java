package io.batchflow;

import java.time.Instant;

/**
 * A row that ended as refused, on its way to where such rows are kept: see {@link
 * BatchFlow.Builder#deadLetter}. Unlike all else that this library hands out of a failure, it holds
 * the row's values.
 *
 * @param request the row, the very object that was submitted
 * @param reason why it was not written
 * @param time when that was known, by the wall's clock
 */
public record RefusedRequest(Request request, BatchFlowException reason, Instant time) {

  /** Names the table and the reason's type; never a value. */
  @Override
  public String toString() {
    return "RefusedRequest[table="
        + request.schema().table()
        + ", reason="
        + reason.getClass().getSimpleName()
        + "]";
  }
}
