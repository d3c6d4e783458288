package io.batchflow.health;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a flow fares: a snapshot, judged by its {@link HealthPolicy}. Immutable. Read it, do not
 * construct it: components and reasons may be added.
 *
 * @param status the worst that the reasons amount to
 * @param reasons why it is not {@link Status#UP}; empty where it is
 * @param failingSince since when writes have failed and none has succeeded, of any table; null
 *     where the last one succeeded. By the clock of the flow's scheduler
 * @param failingTables the same for each table whose last write failed, by its name, in order
 */
public record FlowHealth(
    Status status,
    Set<Reason> reasons,
    @Nullable Instant failingSince,
    Map<String, Instant> failingTables) {

  /** What a flow can be relied upon for, from good to bad. */
  public enum Status {
    /** Rows are written in time. */
    UP,
    /** Rows are accepted, but late, in danger of being turned away, or not all of them written. */
    DEGRADED,
    /** Nothing is written: the backend has failed for long, or the flow is closed. */
    DOWN
  }

  /** Why a flow is not as it should be. */
  public enum Reason {
    /**
     * Writes fail, and none of any table succeeds. {@link Status#DOWN} once it has lasted for
     * {@link HealthPolicy#downAfter()}.
     */
    BACKEND_FAILING,
    /** Writes of some table fail, while others' succeed. */
    TABLE_FAILING,
    /** The room that is taken exceeds {@link HealthPolicy#maxFullness()}. */
    NEARLY_FULL,
    /** Some row has waited for longer than {@link HealthPolicy#maxAge()} allows. */
    LATE,
    /**
     * A write was given up whose rows may still be applied, over newer rows of their keys, as the
     * writer could not make sure that they never are. Holds for {@link HealthPolicy#downAfter()}.
     */
    LATE_WRITE,
    /** {@link io.batchflow.BatchFlow#close()} was asked for. {@link Status#DOWN}. */
    CLOSED,
    /**
     * A fault of the flow itself stopped it, and was logged. Every row gets its outcome, and new
     * ones are turned away: build a new flow. {@link Status#DOWN}.
     */
    FAILED
  }

  /** Returns whether the status is {@link Status#UP}. */
  public boolean isUp() {
    return status == Status.UP;
  }
}
