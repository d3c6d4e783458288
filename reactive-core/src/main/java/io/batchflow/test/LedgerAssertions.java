package io.batchflow.test;

import io.batchflow.FlowView;
import io.batchflow.stats.FlowStats;
import io.batchflow.stats.Ledger;

/** Asserts that every admitted submission has ended in exactly one way. */
public final class LedgerAssertions {

  private LedgerAssertions() {}

  /**
   * Asserts that the flow holds no row and that its ledger balances. Call it after all outcomes
   * have arrived.
   *
   * @return the ledger, for further checks
   * @throws AssertionError if not, with all counts
   */
  public static Ledger assertBalanced(FlowView flow) {
    FlowStats stats = flow.stats();
    Ledger ledger = stats.ledger();
    if (!ledger.isBalanced() || stats.queued() != 0 || stats.inFlight() != 0) {
      throw new AssertionError(
          "The ledger does not balance: "
              + ledger.pending()
              + " submissions without an outcome, "
              + stats.queued()
              + " queued, "
              + stats.inFlight()
              + " in flight; "
              + ledger);
    }
    return ledger;
  }
}
