package io.batchflow.quota;

import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import reactor.core.publisher.Mono;

/** What has been used of quotas. Thread-safe. */
final class Limits {

  /** So long a stream waits. */
  static final Duration FOREVER = Duration.ofNanos(Tokens.NEVER);

  private final Map<Scope, Allowances> scopes = new EnumMap<>(Scope.class);
  private final QuotaTime time;

  Limits(Quotas quotas) {
    this.time = new QuotaTime(quotas.scheduler());
    for (Scope scope : Scope.values()) {
      scopes.put(scope, new Allowances(scope, quotas, time));
    }
  }

  Allowances of(Scope scope) {
    return Objects.requireNonNull(scopes.get(scope));
  }

  /**
   * Completes when a row, or a unit, may be submitted. Cancelling gives back what it took.
   *
   * @return fails with {@link QuotaExceeded} if it would have to wait for longer
   */
  Mono<Void> turn(Row row, Caller caller, Duration maxWait) {
    Charge charge = charge(row, caller);
    boolean taken = charge.take(maxWait.toNanos());
    Scope scope = charge.scope();
    if (scope == null) {
      return Mono.empty();
    }
    Allowances counts = of(scope);
    if (!taken) {
      counts.refused.increment();
      return Mono.error(exceeded(row, caller, scope, charge.nanos()));
    }
    counts.delayed.increment();
    counts.delayedNanos.add(charge.nanos());
    return time.after(charge.nanos()).doOnCancel(charge::giveBack).then();
  }

  private Charge charge(Row row, Caller caller) {
    Charge charge = new Charge();
    long bytes = bytes(row);
    if (bytes == 0) {
      return charge;
    }
    List<Row> rows = Unit.rows(row);
    charge.add(Scope.USER, of(Scope.USER).of(caller.user()), rows.size(), bytes);
    charge.add(Scope.TENANT, of(Scope.TENANT).of(caller.tenant()), rows.size(), bytes);
    Allowances tables = of(Scope.TABLE);
    if (tables.areUnlimited()) {
      return charge;
    }
    if (rows.size() == 1) {
      charge.add(Scope.TABLE, tables.of(rows.get(0).schema().table()), 1, bytes);
      return charge;
    }
    Map<String, long[]> sums = new TreeMap<>();
    for (Row each : rows) {
      long[] sum = sums.computeIfAbsent(each.schema().table(), none -> new long[2]);
      sum[0]++;
      sum[1] += each.estimatedBytes();
    }
    sums.forEach((table, sum) -> charge.add(Scope.TABLE, tables.of(table), sum[0], sum[1]));
    return charge;
  }

  /** Returns 0 for an invalid row, which the flow turns away. */
  private static long bytes(Row row) {
    try {
      return row.freeze().estimatedBytes();
    } catch (InvalidRowException invalid) {
      return 0;
    }
  }

  private static QuotaExceeded exceeded(Row row, Caller caller, Scope scope, long nanos) {
    QuotaExceeded exceeded =
        new QuotaExceeded(
            Unit.tables(row),
            caller.user(),
            caller.tenant(),
            scope.word(),
            Duration.ofNanos(nanos));
    exceeded.initRow(row);
    return exceeded;
  }
}
