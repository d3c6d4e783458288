package io.batchflow.quota;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.Overflow;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The quotas of users, tenants and tables, and what happens to a row beyond them. A row needs room
 * in each quota that applies to it. Immutable and thread-safe.
 */
public final class Quotas {

  private static final Duration LONGEST_WAIT = Duration.ofDays(1);
  private static final int MOST_NAMES = 1_000_000;

  private final Map<Scope, Quota> usual;
  private final Map<Scope, Map<String, Quota>> named;
  private final Overflow overflow;
  private final Duration maxWait;
  private final int maxNames;
  private final @Nullable Scheduler scheduler;

  private Quotas(Builder builder) {
    this.usual = new EnumMap<>(builder.usual);
    this.named = new EnumMap<>(Scope.class);
    builder.named.forEach((scope, quotas) -> named.put(scope, Map.copyOf(quotas)));
    this.overflow = builder.overflow;
    this.maxWait = builder.maxWait;
    this.maxNames = builder.maxNames;
    this.scheduler = builder.scheduler;
  }

  /** Starts quotas that limit nothing. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the quota of each name without its own; null if those are not limited. */
  @Nullable Quota usual(Scope scope) {
    return usual.get(scope);
  }

  Map<String, Quota> named(Scope scope) {
    return named.getOrDefault(scope, Map.of());
  }

  /** Returns how long a single row waits: not at all under {@link Overflow#FAIL}. */
  Duration maxWait() {
    return overflow == Overflow.FAIL ? Duration.ZERO : maxWait;
  }

  int maxNames() {
    return maxNames;
  }

  @Nullable Scheduler scheduler() {
    return scheduler;
  }

  @Override
  public String toString() {
    return "Quotas[usual="
        + usual
        + ", named="
        + named.values().stream().mapToInt(Map::size).sum()
        + "]";
  }

  /** Builds {@link Quotas}. Not safe for concurrent use. */
  public static final class Builder {

    private final Map<Scope, Quota> usual = new EnumMap<>(Scope.class);
    private final Map<Scope, Map<String, Quota>> named = new EnumMap<>(Scope.class);
    private Overflow overflow = Overflow.WAIT;
    private Duration maxWait = Duration.ofSeconds(30);
    private int maxNames = 10_000;
    private @Nullable Scheduler scheduler;

    private Builder() {}

    /**
     * Sets the quota of each user without its own. Callers without a name share one. Defaults to
     * none.
     */
    public Builder eachUser(Quota quota) {
      return each(Scope.USER, quota);
    }

    /** Sets the quota of one user. */
    public Builder user(String name, Quota quota) {
      return one(Scope.USER, name, quota);
    }

    /**
     * Sets the quota of each tenant without its own. Callers without a tenant share one. Defaults
     * to none.
     */
    public Builder eachTenant(Quota quota) {
      return each(Scope.TENANT, quota);
    }

    /** Sets the quota of one tenant. */
    public Builder tenant(String name, Quota quota) {
      return one(Scope.TENANT, name, quota);
    }

    /** Sets the quota of each table without its own. Defaults to none. */
    public Builder eachTable(Quota quota) {
      return each(Scope.TABLE, quota);
    }

    /** Sets the quota of one table, by its {@link io.batchflow.Schema#table()}. */
    public Builder table(String name, Quota quota) {
      return one(Scope.TABLE, name, quota);
    }

    private Builder each(Scope scope, Quota quota) {
      usual.put(scope, Objects.requireNonNull(quota, "quota"));
      return this;
    }

    /**
     * @throws InvalidConfigurationException if the name has a quota already
     */
    private Builder one(Scope scope, String name, Quota quota) {
      if (named.computeIfAbsent(scope, none -> new HashMap<>()).putIfAbsent(name, quota) != null) {
        throw new InvalidConfigurationException(
            scope.word(), "'" + name + "' is given twice", "Give each name one quota");
      }
      return this;
    }

    /**
     * Sets what a single row does that finds a quota used up: it waits, in the order in which the
     * rows came, or it fails at once. Streams wait in any case, as they only request what fits.
     * Defaults to WAIT.
     */
    public Builder overflow(Overflow overflow) {
      this.overflow = Objects.requireNonNull(overflow, "overflow");
      return this;
    }

    /**
     * Sets the longest time that a single row waits. A row that would have to wait for longer fails
     * at once. Defaults to 30 seconds.
     *
     * @throws InvalidConfigurationException unless it is positive and at most a day
     */
    public Builder maxWait(Duration maxWait) {
      if (maxWait.isNegative() || maxWait.isZero() || maxWait.compareTo(LONGEST_WAIT) > 0) {
        throw new InvalidConfigurationException(
            "maxWait", "is " + maxWait, "Give a time longer than zero, at most " + LONGEST_WAIT);
      }
      this.maxWait = maxWait;
      return this;
    }

    /**
     * Sets of how many users, of how many tenants, and of how many tables without quotas of their
     * own the use is remembered. Those that have not used theirs for so long that all of it is
     * there again are forgotten. All that come while nobody can be forgotten share one quota.
     * Defaults to 10,000.
     *
     * @throws InvalidConfigurationException unless from 1 to 1,000,000
     */
    public Builder maxNames(int maxNames) {
      if (maxNames < 1 || maxNames > MOST_NAMES) {
        throw new InvalidConfigurationException(
            "maxNames", "is " + maxNames, "Give a number from 1 to " + MOST_NAMES);
      }
      this.maxNames = maxNames;
      return this;
    }

    /**
     * Sets the scheduler whose timers end the waits. Defaults to {@code Schedulers.parallel()}, or
     * to the scheduler of virtual time, whose clock then decides.
     */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /** Builds the quotas. */
    public Quotas build() {
      return new Quotas(this);
    }
  }
}
