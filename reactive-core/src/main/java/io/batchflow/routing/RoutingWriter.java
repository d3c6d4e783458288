package io.batchflow.routing;

import io.batchflow.BackendError;
import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.batchflow.StaleKeysException;
import io.batchflow.stats.ConnectionStats;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Writes each batch with one of several writers: in turns, or with the first one that is up. An
 * outcome means the same as with one writer.
 *
 * <p>Each attempt to write a batch goes to one writer. If it fails, the retry of the {@link
 * BatchFlow} is the next attempt, which may go to another writer:
 *
 * <ul>
 *   <li>If surely nothing was applied, to any writer that may store the rows.
 *   <li>If the result was lost, only if the rows are repeatable for all writers, they have the
 *       {@linkplain Builder#sameData same data}, and the writer of the lost attempt has {@linkplain
 *       #abandon abandoned} it where it could overwrite newer rows.
 * </ul>
 *
 * <p>Writers with different data store tables without a key, under FAIL, between them. All other
 * rows belong to the first writer and never move, since only one database can compare their keys.
 *
 * <p>Thread-safe. Closes its writers when it is closed.
 */
public final class RoutingWriter implements BatchWriter {

  private final Routes routes;
  private final RoutedWrites writes = new RoutedWrites();
  private final Mono<Void> close;

  private RoutingWriter(Routes routes) {
    this.routes = routes;
    this.close =
        Flux.fromIterable(routes.all).flatMapDelayError(Route::close, 16, 16).then().cache();
  }

  /** Starts to build a writer whose writers take turns, each as often as its weight says. */
  public static Builder roundRobin() {
    return new Builder(true);
  }

  /**
   * Starts to build a writer that uses the first of its writers that is up, in the order in which
   * they are added. The first one is the primary.
   */
  public static Builder primaryStandby() {
    return new Builder(false);
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return Mono.defer(
        () -> {
          Route route = routes.of(batch);
          return route == null
              ? Mono.error(new StaleKeysException(batch.schema()))
              : writes.write(route, batch);
        });
  }

  /** Returns the state of each writer, in the order in which they were added. */
  public List<WriterState> writers() {
    return routes.all.stream().map(Route::state).toList();
  }

  /** Returns all batches that the writers can take in turns, or the fewest that one can take. */
  @Override
  public int maxConcurrency() {
    return routes.maxConcurrency();
  }

  /** Returns the sum over all writers. */
  @Override
  public ConnectionStats connections() {
    return routes.connections();
  }

  /** Returns the rule of the first writer that is up and knows it. */
  @Override
  public @Nullable KeyEquality keyEquality(Schema schema) {
    return routes.keyEquality(schema);
  }

  @Override
  public Mono<Void> lookUp(Schema schema) {
    return Mono.defer(() -> routes.toAsk(schema).lookUp(schema));
  }

  @Override
  public boolean supportsDeletes(Schema schema) {
    return routes.allThatStore(schema, writer -> writer.supportsDeletes(schema));
  }

  @Override
  public boolean supportsUpdateOnly(Schema schema) {
    return routes.allThatStore(schema, writer -> writer.supportsUpdateOnly(schema));
  }

  @Override
  public boolean supportsUnits() {
    return routes.all(BatchWriter::supportsUnits);
  }

  @Override
  public boolean returnsValues() {
    return routes.all(BatchWriter::returnsValues);
  }

  /** Returns false if a repeat could store the rows in the data of another writer, too. */
  @Override
  public boolean isRepeatable(Batch batch) {
    return routes.mayMove(batch)
        ? routes.sameData && routes.all(writer -> writer.isRepeatable(batch))
        : routes.first().writer.isRepeatable(batch);
  }

  @Override
  public Mono<Void> interrupt(Batch batch) {
    RoutedWrite write = writes.of(batch);
    return write == null ? Mono.empty() : write.route.writer.interrupt(batch);
  }

  @Override
  public boolean withdraw(Batch batch) {
    RoutedWrite write = writes.of(batch);
    return write != null && write.withdraw(batch);
  }

  /** Asks the writer that got the batch. */
  @Override
  public Mono<Boolean> abandon(Batch batch) {
    RoutedWrite write = writes.of(batch);
    return write == null ? Mono.just(true) : write.abandon(batch);
  }

  /** Returns a classifier that asks the writer which signalled the failure. */
  @Override
  public FailureClassifier failureClassifier() {
    return failure -> writes.of(failure, routes.first()).kindOf(failure);
  }

  @Override
  public @Nullable String statusCode(Throwable failure) {
    return writerOf(failure).statusCode(failure);
  }

  @Override
  public @Nullable BackendError backendError(Throwable failure) {
    return writerOf(failure).backendError(failure);
  }

  private BatchWriter writerOf(Throwable failure) {
    return writes.of(failure, routes.first()).writer;
  }

  /** Returns the name that all writers have in common, or {@code other}. */
  @Override
  public String system() {
    return routes.system();
  }

  /** Closes all writers. Idempotent. */
  @Override
  public Mono<Void> close() {
    return close;
  }

  /** Builds a {@link RoutingWriter}. Not safe for concurrent use. */
  public static final class Builder {

    private static final int MOST = 100;

    private final boolean takesTurns;
    private final Map<String, Function<Route.Patience, Route>> added = new LinkedHashMap<>();
    private boolean sameData;
    private int failuresUntilDown = 3;
    private Duration downTime = Duration.ofSeconds(5);
    private Scheduler scheduler = Schedulers.parallel();

    private Builder(boolean takesTurns) {
      this.takesTurns = takesTurns;
    }

    /** Adds a writer with the weight 1 and without a probe. */
    public Builder writer(String name, BatchWriter writer) {
      return writer(name, writer, 1, null);
    }

    /**
     * Adds a writer.
     *
     * @param name for the log and {@link RoutingWriter#writers()}
     * @param weight how many turns it has while a writer of weight 1 has one, at most 100; without
     *     effect for primary and standby
     * @param probe completes if the backend takes rows, for example a query; subscribed to while
     *     the writer is down, so that no batch tries it. Null if there is none
     * @throws InvalidConfigurationException if a value is missing or out of its bounds, or the name
     *     occurs twice
     */
    public Builder writer(
        String name, BatchWriter writer, int weight, @Nullable Publisher<?> probe) {
      given("writer", writer);
      between("weight", weight, MOST);
      Function<Route.Patience, Route> route =
          patience -> new Route(name, writer, weight, probe, patience);
      if (added.putIfAbsent(given("name", name), route) != null) {
        throw new InvalidConfigurationException(
            "name", "'" + name + "' occurs twice", "Give each writer a name of its own");
      }
      return this;
    }

    /**
     * Sets whether all writers have the same data: what one has stored is there for all others at
     * once, for example since they are pools to several coordinators of one database. Then rows
     * with keys may go to any writer, and repeatable rows whose result was lost, too. Defaults to
     * false: each row is stored by one of them only.
     */
    public Builder sameData(boolean sameData) {
      this.sameData = sameData;
      return this;
    }

    /**
     * Sets after how many failures in a row a writer counts as down. Failures that are about rows
     * or tables do not count. Defaults to 3, so that a batch with the default retry gets to the
     * next writer.
     */
    public Builder failuresUntilDown(int failures) {
      this.failuresUntilDown = between("failuresUntilDown", failures, Integer.MAX_VALUE);
      return this;
    }

    /**
     * Sets how long a writer that is down gets no batches before it is tried again. Defaults to 5
     * seconds.
     */
    public Builder downTime(Duration downTime) {
      if (given("downTime", downTime).isNegative() || downTime.isZero()) {
        throw new InvalidConfigurationException(
            "downTime", "is " + downTime, "Give a time longer than zero");
      }
      this.downTime = downTime;
      return this;
    }

    /** Sets the scheduler for timers. Defaults to {@code Schedulers.parallel()}. */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = given("scheduler", scheduler);
      return this;
    }

    /**
     * Builds the writer.
     *
     * @throws InvalidConfigurationException if there are no writers, or more than 100
     */
    public RoutingWriter build() {
      between("writers", added.size(), MOST);
      Route.Patience patience = new Route.Patience(failuresUntilDown, downTime, scheduler);
      List<Route> routes = added.values().stream().map(route -> route.apply(patience)).toList();
      return new RoutingWriter(new Routes(routes, sameData || routes.size() == 1, takesTurns));
    }

    private static int between(String option, int value, int most) {
      if (value < 1 || value > most) {
        throw new InvalidConfigurationException(
            option, "is " + value, "Give a number from 1 to " + most);
      }
      return value;
    }

    private static <T> T given(String option, @Nullable T value) {
      if (value == null) {
        throw new InvalidConfigurationException(option, "is null", "Give a value");
      }
      return value;
    }
  }
}
