package io.batchflow.internal.config;

import io.batchflow.BatchPolicy;
import io.batchflow.InvalidConfigurationException;
import java.util.Collection;
import java.util.stream.Collectors;

/** What the shares of tables may be, by the options of the flow, and together. */
final class ShareRules {

  private ShareRules() {}

  static void checkUsual(BatchPolicy policy) {
    if (TableShare.of("", policy).isSet()) {
      boolean share = policy.share() < 1;
      throw new InvalidConfigurationException(
          share ? "share" : "reserved",
          "("
              + (share ? policy.share() : policy.reserved())
              + ") of the default policy is of no"
              + " table",
          "Set it in the policy of a table");
    }
  }

  static void checkFits(BatchPolicy policy, String whose, int concurrency, int maxPending) {
    int rows = TableShare.part(policy.share(), maxPending);
    if (policy.share() < 1 && rows < policy.maxSize()) {
      throw new InvalidConfigurationException(
          "share",
          "("
              + policy.share()
              + ") of "
              + whose
              + " allows "
              + rows
              + " of maxPending ("
              + maxPending
              + ") rows, fewer than maxSize ("
              + policy.maxSize()
              + ")",
          "A full batch would never fit: raise the share or maxPending, or lower maxSize");
    }
    int slots = TableShare.slots(policy, concurrency);
    if (policy.reserved() > slots) {
      throw new InvalidConfigurationException(
          "reserved",
          "("
              + policy.reserved()
              + ") of "
              + whose
              + " exceeds the slots that it may have, "
              + slots
              + " of "
              + concurrency
              + " by its share ("
              + policy.share()
              + ")",
          "Lower reserved, or raise the share or the flow's concurrency");
    }
  }

  static void checkTogether(Collection<TableShare> shares, int concurrency) {
    int reserved = shares.stream().mapToInt(TableShare::reserved).sum();
    if (reserved > 0 && reserved >= concurrency) {
      String tables =
          shares.stream()
              .filter(share -> share.reserved() > 0)
              .map(share -> "'" + share.table() + "' " + share.reserved())
              .sorted()
              .collect(Collectors.joining(", "));
      throw new InvalidConfigurationException(
          "reserved",
          "of tables " + tables + " leaves none of the flow's " + concurrency + " slots to others",
          "Lower reserved, or raise the flow's concurrency");
    }
  }

  static InvalidConfigurationException differ(String table, TableShare one, TableShare other) {
    return new InvalidConfigurationException(
        one.share() == other.share() ? "reserved" : "share",
        "of table '"
            + table
            + "' differs between its policies: share "
            + one.share()
            + " and reserved "
            + one.reserved()
            + ", share "
            + other.share()
            + " and reserved "
            + other.reserved(),
        "Set them in one policy of the table, or equally in all");
  }
}
