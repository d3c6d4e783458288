package io.batchflow.r2dbc.retention;

import io.batchflow.FlowView;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.lease.Lease;
import io.batchflow.lease.LeaseLostException;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import io.batchflow.sql.SqlWriteException;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Deletes rows that are older than they shall be kept, on PostgreSQL, MySQL, MariaDB and H2, and on
 * SQLite by JDBC. On PostgreSQL, it drops partitions by range of the time column whose rows have
 * all expired. Other rows are deleted in transactions of about {@link Builder#batchTime}, with
 * pauses between them. The age of a row is told by the clock of the database.
 *
 * <p>Each transaction is committed by itself, so a run that was killed or cancelled is resumed by
 * the next one. A cancelled run ends after its current statement.
 *
 * <p>Thread-safe. Holds nothing until it is subscribed. A run uses one connection at a time, and
 * gives it back between transactions. The factory stays yours.
 */
public final class Retention {

  private final RetentionOptions options;
  private final Jobs jobs;
  private final TableCounts counts;

  private Retention(Jobs jobs, RetentionOptions options) {
    this.options = options;
    this.jobs = jobs;
    this.counts = new TableCounts(options.listener);
  }

  /**
   * Returns a retention with every option at its default.
   *
   * @throws InvalidConfigurationException if the database is not supported
   */
  public static Retention create(ConnectionFactory factory) {
    return builder(factory).build();
  }

  /** Returns a retention of SQLite by JDBC, with every option at its default. */
  public static Retention create(DataSource sqlite) {
    return builder(sqlite).build();
  }

  /** Starts to build a retention. */
  public static Builder builder(ConnectionFactory factory) {
    Objects.requireNonNull(factory, "factory");
    return new Builder(options -> new R2dbcJobs(factory, options));
  }

  /**
   * Starts to build a retention of SQLite by JDBC. A run reads the whole table once, in small steps
   * on threads of {@code Schedulers.boundedElastic()}. The source stays yours.
   */
  public static Builder builder(DataSource sqlite) {
    Objects.requireNonNull(sqlite, "sqlite");
    return new Builder(options -> new SqliteJobs(sqlite, options));
  }

  /**
   * Deletes the rows of a table that have expired.
   *
   * @return what was deleted. Fails with {@link SqlWriteException} if the rule does not fit the
   *     table, in which case nothing was deleted, and with errors of the driver
   */
  public Mono<RetentionRun> run(RetentionRule rule) {
    return run(rule, Fence.NONE).flatMap(Retention::orFailure);
  }

  /**
   * Counts what {@link #run} would delete, and the partitions that it would drop.
   *
   * @return the numbers; fails as {@link #run} does
   */
  public Mono<RetentionRun> dryRun(RetentionRule rule) {
    return Mono.defer(
            () ->
                jobs.of(
                        rule,
                        Fence.NONE,
                        new RunCounts(rule.table(), true, new RetentionListener() {}))
                    .count())
        .flatMap(Retention::orFailure);
  }

  /**
   * Runs rules again and again in one of several processes, the one that holds a lease: at once
   * when the lease was acquired, and then each time a pause after the last rule. Each transaction
   * checks the fencing token, so that a process which has lost the lease deletes nothing more.
   * Competes for the lease until it is cancelled.
   *
   * @param leases the leases, in the same database
   * @param pause the time from the end of the last rule to the next begin
   * @param rules are read each time, such as {@link RetentionRule#ofCatalog}
   * @return each run. A run that fails is told by its {@link RetentionRun#failure}, and the others
   *     go on. Fails only if it cannot begin
   * @throws InvalidConfigurationException on SQLite, which has no leases
   */
  public Flux<RetentionRun> whileHeld(
      R2dbcLeaseStore leases, Duration pause, Publisher<RetentionRule> rules) {
    Objects.requireNonNull(rules, "rules");
    if (!jobs.takesFences()) {
      throw new InvalidConfigurationException(
          "leases", "cannot be checked by " + jobs.product(), "Let one process run the rules");
    }
    Lease lease = options.lease.apply(Lease.builder(leases, options.leaseName)).build();
    return lease.whileHeld(
        pause,
        token -> {
          Fence fence = connection -> leases.fence(connection, options.leaseName, token);
          return Flux.from(rules)
              .onErrorResume(
                  failure -> {
                    counts.onRulesFailed(failure);
                    return Flux.empty();
                  })
              .concatMap(rule -> run(rule, fence))
              .takeUntil(run -> run.failure() instanceof LeaseLostException);
        });
  }

  /** Returns what was done with each table, by their names. */
  public List<RetentionStats> stats() {
    return counts.stats();
  }

  private Mono<RetentionRun> run(RetentionRule rule, Fence fence) {
    return Mono.defer(
            () -> jobs.of(rule, fence, new RunCounts(rule.table(), false, counts)).clean())
        .doOnNext(counts::onRun);
  }

  private static Mono<RetentionRun> orFailure(RetentionRun run) {
    return run.failure() == null ? Mono.just(run) : Mono.error(run.failure());
  }

  @Override
  public String toString() {
    return "Retention[" + jobs.product() + "]";
  }

  /** Builds a {@link Retention}. Not safe for concurrent use. */
  public static final class Builder {

    private final Function<RetentionOptions, Jobs> jobs;
    private final RetentionOptions options = new RetentionOptions();

    private Builder(Function<RetentionOptions, Jobs> jobs) {
      this.jobs = jobs;
    }

    /**
     * Sets the most rows that a transaction deletes. Defaults to 5,000.
     *
     * @throws InvalidConfigurationException unless from 1 to 100,000
     */
    public Builder batchSize(int rows) {
      options.batchSize = RetentionOptions.between("batchSize", rows, 1, 100_000);
      return this;
    }

    /**
     * Sets how long a transaction shall take. The number of its rows follows from that. Defaults to
     * 50 milliseconds.
     *
     * @throws InvalidConfigurationException unless from a millisecond to 5 seconds
     */
    public Builder batchTime(Duration time) {
      options.batchTime =
          RetentionOptions.between("batchTime", time, Duration.ofMillis(1), Duration.ofSeconds(5));
      return this;
    }

    /**
     * Sets which part of the time a run works; for the rest it pauses. Defaults to 0.25.
     *
     * @throws InvalidConfigurationException unless from 0.01 to 1
     */
    public Builder load(double load) {
      options.load = RetentionOptions.between("load", load, 0.01, 1.0);
      return this;
    }

    /**
     * Sets a flow that goes first. While it is more than half full, or submissions wait for room,
     * the next transaction waits, up to 5 seconds. By default, there is none.
     */
    public Builder yieldTo(FlowView flow) {
      options.flow = Objects.requireNonNull(flow, "flow");
      return this;
    }

    /**
     * Sets the name of the lease of {@link #whileHeld}. Defaults to {@code batchflow retention}.
     */
    public Builder leaseName(String name) {
      options.leaseName = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Sets options of that lease, such as ttl and holder. */
    public Builder lease(UnaryOperator<Lease.Builder> lease) {
      options.lease = Objects.requireNonNull(lease, "lease");
      return this;
    }

    /** Sets who is told what happens, such as {@code RetentionMetrics}. */
    public Builder listener(RetentionListener listener) {
      options.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /** Sets the scheduler for pauses and timeouts. Defaults to {@code Schedulers.parallel()}. */
    public Builder scheduler(Scheduler scheduler) {
      options.scheduler = Objects.requireNonNull(scheduler, "scheduler");
      return this;
    }

    /**
     * Builds the retention.
     *
     * @throws InvalidConfigurationException if the database is not supported
     */
    public Retention build() {
      RetentionOptions built = new RetentionOptions(options);
      return new Retention(jobs.apply(built), built);
    }
  }
}
