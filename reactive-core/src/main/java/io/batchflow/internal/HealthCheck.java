package io.batchflow.internal;

import io.batchflow.health.FlowHealth;
import io.batchflow.health.FlowHealth.Reason;
import io.batchflow.health.FlowHealth.Status;
import io.batchflow.health.HealthPolicy;
import io.batchflow.internal.lane.ConsecutiveFailures;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.lane.Lanes;
import io.batchflow.internal.submit.Pauses;
import io.batchflow.internal.submit.Submitter;
import io.batchflow.internal.write.BackendHealth;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Computes a flow's health by its policy. Reads thread-safe state only. */
final class HealthCheck {

  private final HealthPolicy policy;
  private final Submitter submitter;
  private final Lanes lanes;
  private final Pauses pauses;
  private final BackendHealth backend;
  private final long now;
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
  private final Map<String, Instant> failingTables = new TreeMap<>();
  private boolean inFlight;

  HealthCheck(
      HealthPolicy policy, Submitter submitter, Lanes lanes, Pauses pauses, BackendHealth backend) {
    this.policy = policy;
    this.submitter = submitter;
    this.lanes = lanes;
    this.pauses = pauses;
    this.backend = backend;
    this.now = submitter.now();
  }

  /** Computes the health. Each call needs a new instance. */
  FlowHealth health() {
    lanes.all().forEach(this::look);
    ConsecutiveFailures.Failing failing = current(backend.all, inFlight);
    if (failing != null) {
      reasons.add(Reason.BACKEND_FAILING);
    } else if (!failingTables.isEmpty()) {
      reasons.add(Reason.TABLE_FAILING);
    }
    if (submitter.admission.fullness() > policy.maxFullness()) {
      reasons.add(Reason.NEARLY_FULL);
    }
    if (!pauses.isEmpty()) {
      reasons.add(Reason.TABLE_PAUSED);
    }
    if (submitter.admission.isClosed()) {
      reasons.add(Reason.CLOSED);
    }
    if (submitter.fault() != null) {
      reasons.add(Reason.FAILED);
    }
    return new FlowHealth(
        status(failing),
        Collections.unmodifiableSet(reasons),
        failing == null ? null : failing.since(),
        Collections.unmodifiableMap(failingTables));
  }

  private void look(Lane lane) {
    inFlight |= lane.account.isInFlight();
    ConsecutiveFailures.Failing failing = current(lane.failures, lane.account.isInFlight());
    if (failing != null) {
      // The earliest time, if a table has several schemas.
      failingTables.merge(lane.schema.table(), failing.since(), (a, b) -> a.isBefore(b) ? a : b);
    }
    if (lane.lateWrites.areRecent(now, policy.downAfter().toNanos())) {
      reasons.add(Reason.LATE_WRITE);
    }
    long age = lane.account.oldestAge(now).toNanos();
    if (!pauses.isPaused(lane.schema.table()) && age > lane.maxDelay + policy.maxAge().toNanos()) {
      reasons.add(Reason.LATE);
    }
  }

  private ConsecutiveFailures.@Nullable Failing current(
      ConsecutiveFailures failures, boolean inFlight) {
    ConsecutiveFailures.Failing failing = failures.failing();
    long memory = policy.downAfter().toNanos();
    return failing != null && failing.isCurrent(inFlight, now, memory) ? failing : null;
  }

  private Status status(ConsecutiveFailures.@Nullable Failing failing) {
    boolean down = failing != null && now - failing.first() >= policy.downAfter().toNanos();
    if (down || reasons.contains(Reason.CLOSED)) {
      return Status.DOWN;
    }
    return reasons.isEmpty() ? Status.UP : Status.DEGRADED;
  }
}
