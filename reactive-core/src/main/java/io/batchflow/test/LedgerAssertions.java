package io.batchflow.test;

import io.batchflow.FlowView;
import io.batchflow.stats.FlowStats;
import io.batchflow.stats.Ledger;

/** The ledger as an assertion: at rest, every admitted submission has ended in exactly one way. */
public final class LedgerAssertions {

  private LedgerAssertions() {}

  /**
   * Checks that the flow holds nothing and that its books balance; call it when every outcome has
   * been told.
   *
   * @return the ledger, for further checks
   * @throws AssertionError naming the terms that do not fit
   */
  public static Ledger assertBalanced(FlowView flow) {
    FlowStats stats = flow.stats();
    Ledger ledger = stats.ledger();
    if (!ledger.isBalanced() || stats.queued() != 0 || stats.inFlight() != 0) {
      throw new AssertionError(
          "The ledger does not balance: "
              + ledger.pending()
              + " submissions without an end, "
              + stats.queued()
              + " queued, "
              + stats.inFlight()
              + " in flight; "
              + ledger);
    }
    return ledger;
  }
}
