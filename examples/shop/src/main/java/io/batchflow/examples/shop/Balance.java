package io.batchflow.examples.shop;

import java.util.Locale;

/**
 * What the services have in their books.
 *
 * @param placed orders of the order service
 * @param paid those that are paid
 * @param paidCents what was paid for them
 * @param bookedCents what the payment service has booked for the shop
 * @param sumOfEntries of all entries of the ledger
 * @param parcels of the tracker
 * @param tracked parcels whose positions are all in the history
 * @param arrived parcels whose last position is in Redis
 */
record Balance(
    long placed,
    long paid,
    long paidCents,
    long bookedCents,
    long sumOfEntries,
    long parcels,
    long tracked,
    long arrived) {

  /** Returns whether nothing was lost and nothing was done twice. */
  boolean isEven() {
    return paidCents == bookedCents
        && sumOfEntries == 0
        && parcels == paid
        && tracked == paid
        && arrived == paid;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "money    orders %.2f  ledger %.2f  sum of all entries %.2f%n"
            + "parcels  orders %d, paid %d  parcels %d  with all positions %d  arrived %d%n"
            + "%s",
        paidCents / 100.0,
        bookedCents / 100.0,
        sumOfEntries / 100.0,
        placed,
        paid,
        parcels,
        tracked,
        arrived,
        isEven() ? "balanced" : "NOT BALANCED");
  }
}
