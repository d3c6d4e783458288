package io.batchflow.internal.config;

import io.batchflow.BatchPolicy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The policies of all tables, which may change while the flow runs. A new policy applies to all
 * schemas of its table, but each keeps the options that its callers rely on. Thread-safe.
 */
public final class TablePolicies {

  private final BatchPolicy usual;
  private final Map<String, BatchPolicy> ofTables;
  private final Map<Schema, BatchPolicy> given;
  private final Map<String, BatchPolicy> retuned = new ConcurrentHashMap<>();
  private volatile boolean expire;

  TablePolicies(
      BatchPolicy usual, Map<String, BatchPolicy> ofTables, Map<Schema, BatchPolicy> given) {
    this.usual = usual;
    this.ofTables = Map.copyOf(ofTables);
    this.given = Map.copyOf(given);
    this.expire =
        Stream.of(List.of(usual), ofTables.values(), given.values())
            .flatMap(Collection::stream)
            .anyMatch(policy -> policy.deliveryTimeout() != null);
  }

  /** Returns the policy of a schema. */
  public BatchPolicy of(Schema schema) {
    BatchPolicy own = given.isEmpty() ? null : given.get(schema);
    BatchPolicy before = own == null ? usualOf(schema.table()) : own;
    BatchPolicy now = retuned.isEmpty() ? null : retuned.get(schema.table());
    return now == null ? before : keepingFixed(now, before, schema);
  }

  private BatchPolicy usualOf(String table) {
    return ofTables.isEmpty() ? usual : ofTables.getOrDefault(table, usual);
  }

  private static BatchPolicy keepingFixed(BatchPolicy now, BatchPolicy before, Schema schema) {
    boolean same =
        now.ordering(schema) == before.ordering(schema)
            && now.rowVerdicts() == before.rowVerdicts()
            && returnsTheSame(now, before);
    if (same) {
      return now;
    }
    BatchPolicy.Builder kept =
        now.toBuilder().ordering(before.ordering(schema)).rowVerdicts(before.rowVerdicts());
    String[] columns = before.returning().toArray(String[]::new);
    return before.returningExisting()
        ? kept.returningExisting(columns).build()
        : kept.returning(columns).build();
  }

  private static boolean returnsTheSame(BatchPolicy one, BatchPolicy other) {
    return one.returning().equals(other.returning())
        && one.returningExisting() == other.returningExisting();
  }

  /**
   * Returns the policy of a table; that of one of its schemas, if they differ.
   *
   * @param seen the schemas of the table that the flow has seen
   */
  public BatchPolicy of(String table, Collection<Schema> seen) {
    BatchPolicy now = retuned.get(table);
    return now != null ? now : known(table, seen).findFirst().map(this::of).orElse(usualOf(table));
  }

  private Stream<Schema> known(String table, Collection<Schema> seen) {
    return Stream.concat(
        given.keySet().stream().filter(schema -> schema.table().equals(table)), seen.stream());
  }

  /** Returns whether rows of any table have a delivery deadline. */
  public boolean expire() {
    return expire;
  }

  /**
   * Checks that a policy changes nothing that callers rely on.
   *
   * @throws InvalidConfigurationException if it does
   */
  public void checkChange(String table, Collection<Schema> seen, BatchPolicy policy) {
    BatchPolicy now = of(table, seen);
    if (policy.ordering() != now.ordering()) {
      throw fixed("ordering", table, "rows in flight could overtake each other");
    }
    if (policy.rowVerdicts() != now.rowVerdicts()) {
      throw fixed("rowVerdicts", table, "callers rely on it");
    }
    if (!returnsTheSame(policy, now)) {
      throw fixed("returning", table, "callers rely on it");
    }
  }

  private static InvalidConfigurationException fixed(String option, String table, String why) {
    return new InvalidConfigurationException(
        option,
        "of table '" + table + "' cannot change while the flow runs: " + why,
        "Start from the present policy with toBuilder(), or build a new flow");
  }

  /** Changes the policy of a table. */
  public void retune(String table, BatchPolicy policy) {
    if (policy.deliveryTimeout() != null) {
      expire = true;
    }
    retuned.put(table, policy);
  }

  /** Returns the parts of the flow of the tables that have one. */
  public Collection<TableShare> shares() {
    Map<String, TableShare> shares = new TreeMap<>();
    ofTables.forEach((table, policy) -> add(table, policy, shares));
    given.forEach((schema, policy) -> add(schema.table(), policy, shares));
    retuned.forEach((table, policy) -> shares.put(table, TableShare.of(table, policy)));
    return shares.values();
  }

  private static void add(String table, BatchPolicy policy, Map<String, TableShare> shares) {
    TableShare share = TableShare.of(table, policy);
    if (share.isSet()) {
      TableShare other = shares.putIfAbsent(table, share);
      if (other != null && !other.equals(share)) {
        throw ShareRules.differ(table, other, share);
      }
    }
  }

  /** Returns the parts of the flow after a change of one policy. */
  Collection<TableShare> sharesWith(String table, BatchPolicy policy) {
    List<TableShare> shares = new ArrayList<>(shares());
    shares.removeIf(share -> share.table().equals(table));
    shares.add(TableShare.of(table, policy));
    return shares;
  }

  /** Visits the policies that the flow was built with, each with its name. */
  void each(BiConsumer<BatchPolicy, String> visitor) {
    visitor.accept(usual, "the default policy");
    ofTables.forEach((table, policy) -> visitor.accept(policy, nameOf(table)));
    given.forEach((schema, policy) -> visitor.accept(policy, nameOf(schema.table())));
  }

  static String nameOf(String table) {
    return "the policy of table '" + table + "'";
  }
}
