package io.batchflow.benchmarks.differential;

import io.batchflow.OutcomeStatus;
import io.batchflow.RowVerdict;
import org.jspecify.annotations.Nullable;

/**
 * How a row ended.
 *
 * @param verdict what it did to the table; null if the case asks for no verdicts
 * @param why the reason of a rejection, for people; empty if written
 */
record End(OutcomeStatus status, @Nullable RowVerdict verdict, String why) {

  static End written(@Nullable RowVerdict verdict) {
    return new End(OutcomeStatus.WRITTEN, verdict, "");
  }

  static End rejected(String why) {
    return new End(OutcomeStatus.REJECTED, null, why);
  }

  boolean isWritten() {
    return status == OutcomeStatus.WRITTEN;
  }

  /**
   * Returns whether a flow may report this end for a row that had another end when written alone.
   * WRITTEN is true for every written row, and a row alone can never be MERGED.
   */
  boolean isTrueOf(End alone) {
    if (status != alone.status) {
      return false;
    }
    return verdict == null
        || alone.verdict == null
        || verdict == RowVerdict.WRITTEN
        || verdict == alone.verdict;
  }

  @Override
  public String toString() {
    return status
        + (verdict == null ? "" : " " + verdict)
        + (why.isEmpty() ? "" : " (" + why + ")");
  }
}
