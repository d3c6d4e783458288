package io.batchflow.health;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a flow's health by its {@link HealthPolicy}. Immutable. Only the library should
 * construct it: components and reasons may be added.
 *
 * @param status the status that follows from the reasons
 * @param reasons why the status is not {@link Status#UP}; empty if it is
 * @param failingSince the start of the current series of failed writes over all tables, by the
 *     clock of the flow's scheduler; null if the last write succeeded
 * @param failingTables the same for each table whose last write failed, sorted by name
 */
public record FlowHealth(
    Status status,
    Set<Reason> reasons,
    @Nullable Instant failingSince,
    Map<String, Instant> failingTables) {

  /** The status of a flow, from best to worst. */
  public enum Status {
    /** Rows are written in time. */
    UP,
    /** Rows are accepted, but they may be late or turned away, or some are not written. */
    DEGRADED,
    /** Nothing is written: the backend has failed for a long time, or the flow is closed. */
    DOWN
  }

  /** Why a flow is not {@link Status#UP}. */
  public enum Reason {
    /**
     * All writes fail, of all tables. {@link Status#DOWN} after {@link HealthPolicy#downAfter()}.
     */
    BACKEND_FAILING,
    /** Writes of one or more tables fail, others succeed. */
    TABLE_FAILING,
    /** The used share of the flow's room exceeds {@link HealthPolicy#maxFullness()}. */
    NEARLY_FULL,
    /** A row has waited longer than {@link HealthPolicy#maxAge()} allows. */
    LATE,
    /**
     * A cancelled write may still be applied and overwrite newer rows of the same keys, since the
     * writer could not rule that out. Reported for {@link HealthPolicy#downAfter()}.
     */
    LATE_WRITE,
    /** A table is {@linkplain io.batchflow.control.TableControl#pause paused}. */
    TABLE_PAUSED,
    /** {@link io.batchflow.BatchFlow#close()} was called. {@link Status#DOWN}. */
    CLOSED,
    /**
     * The flow stopped after an internal fault, which was logged. Every row gets its outcome, and
     * new rows are turned away: build a new flow. {@link Status#DOWN}.
     */
    FAILED
  }

  /** Returns whether the status is {@link Status#UP}. */
  public boolean isUp() {
    return status == Status.UP;
  }
}
