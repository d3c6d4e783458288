package io.batchflow.catalog;

import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * The tables of one or several processes, with their settings and their status, in a {@link
 * CatalogStore}. A {@link CatalogBinding} applies them to the tables of a flow.
 *
 * <p>Immutable and thread-safe. Holds nothing until it is subscribed. Each {@code Mono} is cold: a
 * subscription is one request to the store. Failures of the store are signalled as they are; a
 * change may have been made then.
 */
public final class TableCatalog {

  private final CatalogStore store;
  final CatalogOptions options;

  private final Hints ownChanges = new Hints();

  private TableCatalog(CatalogOptions options) {
    this.store = options.store;
    this.options = options;
  }

  /** Returns a catalog with every option at its default. */
  public static TableCatalog create(CatalogStore store) {
    return builder(store).build();
  }

  /** Starts to build a catalog. */
  public static Builder builder(CatalogStore store) {
    return new Builder(store);
  }

  /** Returns the settings of tables that do not set their own. */
  public TableSettings defaults() {
    return options.defaults;
  }

  /**
   * Creates an active table.
   *
   * @return the table. Fails with {@link TableExistsException} if there is one of this name, with
   *     {@link CatalogFullException} if there are too many, and with {@link
   *     InvalidConfigurationException} for a name that the catalog does not accept
   */
  public Mono<TableInfo> create(String name, TableSettings settings) {
    return inserted(name, settings).switchIfEmpty(Mono.error(() -> new TableExistsException(name)));
  }

  /** Like {@link #create}, but returns the table of this name as it is, if there is one. */
  public Mono<TableInfo> createIfAbsent(String name, TableSettings settings) {
    return inserted(name, settings)
        .switchIfEmpty(Mono.defer(() -> store.find(name)))
        // It was dropped between the two requests.
        .repeatWhenEmpty(rounds -> rounds);
  }

  private Mono<TableInfo> inserted(String name, TableSettings settings) {
    return Mono.defer(
            () -> {
              options.checkName(name);
              settings.withDefaults(options.defaults);
              Instant now = now();
              TableInfo table = new TableInfo(name, TableStatus.ACTIVE, settings, 0, now, now);
              return store.insert(table, options.maxTables);
            })
        .doOnNext(changed -> ownChanges.changed());
  }

  private Instant now() {
    return Instant.ofEpochMilli(options.scheduler.now(TimeUnit.MILLISECONDS));
  }

  /** Returns a table; empty if there is none of this name. */
  public Mono<TableInfo> find(String name) {
    return Mono.defer(() -> store.find(name));
  }

  /** Returns a table. Fails with {@link TableMissingException} if there is none of this name. */
  public Mono<TableInfo> describe(String name) {
    return find(name).switchIfEmpty(Mono.error(() -> new TableMissingException(name)));
  }

  /**
   * Returns the table of rows, which may name none. The default table is created if it is missing.
   *
   * @param name the name of the table; null or blank for the default table
   * @return the table. Fails with {@link TableMissingException} if there is none of this name, and
   *     with {@link InvalidConfigurationException} if a default table is needed but not set
   */
  public Mono<TableInfo> tableOf(@Nullable String name) {
    return name != null && !name.isBlank()
        ? describe(name)
        : Mono.defer(
            () -> {
              String usual = options.defaultTable();
              return find(usual).switchIfEmpty(createIfAbsent(usual, TableSettings.none()));
            });
  }

  /** Returns all tables. */
  public Mono<TableList> list() {
    return list("*");
  }

  /**
   * Returns the tables whose names match a pattern.
   *
   * @param pattern a name in which {@code *} is any text and {@code ?} is any character
   */
  public Mono<TableList> list(String pattern) {
    return Flux.defer(store::tables)
        .collectList()
        .map(
            tables ->
                new TableList(
                    tables.stream()
                        .filter(table -> NamePattern.of(pattern).test(table.name()))
                        .toList(),
                    tables.size()));
  }

  /**
   * Changes a table, if nobody else has changed it since it was read.
   *
   * @param changed the table as it was read, with another status or other settings
   * @return the table with the generation of this change. Fails with {@link
   *     CatalogConflictException} if the table was changed or dropped since it was read
   */
  public Mono<TableInfo> alter(TableInfo changed) {
    return Mono.defer(
            () -> {
              changed.settings().withDefaults(options.defaults);
              return store.replace(changed.changedAt(now()));
            })
        .doOnNext(replaced -> ownChanges.changed())
        .switchIfEmpty(Mono.error(() -> new CatalogConflictException(changed)));
  }

  /**
   * Changes a table as it is now. If another one changes it meanwhile, this is done again.
   *
   * @param change returns the table with another status or other settings
   * @return the table with the generation of this change. Fails with {@link TableMissingException}
   *     if there is none of this name
   */
  public Mono<TableInfo> alter(String name, UnaryOperator<TableInfo> change) {
    return onPresent(name, table -> alter(change.apply(table)));
  }

  /**
   * Drops a table from the catalog. The table in the database stays.
   *
   * @return fails with {@link TableMissingException} if there is none of this name
   */
  public Mono<Void> drop(String name) {
    return onPresent(name, table -> drop(table).thenReturn(true)).then();
  }

  /**
   * Drops a table from the catalog, if nobody has changed it since it was read. The table in the
   * database stays.
   *
   * @return fails with {@link CatalogConflictException} if the table was changed or dropped
   */
  public Mono<Void> drop(TableInfo read) {
    return Mono.defer(() -> store.remove(read))
        .filter(removed -> removed)
        .switchIfEmpty(Mono.error(() -> new CatalogConflictException(read)))
        .doOnNext(removed -> ownChanges.changed())
        .then();
  }

  /** Like {@link #drop}, but tells whether there was a table of this name. */
  public Mono<Boolean> dropIfPresent(String name) {
    return drop(name).thenReturn(true).onErrorReturn(TableMissingException.class, false);
  }

  private <T> Mono<T> onPresent(String name, Function<TableInfo, Mono<T>> work) {
    return Mono.defer(() -> describe(name).flatMap(work))
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(1))
                .maxBackoff(Duration.ofMillis(100))
                .scheduler(options.scheduler)
                .filter(CatalogConflictException.class::isInstance));
  }

  /**
   * Tells the tables that exist, and then each change, by this or another process. Never ends: an
   * error of the store is an event, too. Changes of a table that follow each other quickly may be
   * told as one, with the last state. Each subscription asks the store on its own, about twice per
   * poll interval. Signals arrive on the scheduler.
   */
  public Flux<CatalogEvent> changes() {
    return looks().flatMapIterable(events -> events);
  }

  /** Returns the changes that each look at the store finds. The first look may find none. */
  Flux<List<CatalogEvent>> looks() {
    return Flux.defer(() -> new CatalogWatch(options, ownChanges.asFlux()).looks());
  }

  @Override
  public String toString() {
    return "TableCatalog[" + store + "]";
  }

  /** Builds a {@link TableCatalog}. Not safe for concurrent use. */
  public static final class Builder {

    private final CatalogOptions options;

    private Builder(CatalogStore store) {
      this.options = new CatalogOptions(store);
    }

    /** Sets the settings of tables that do not set their own. Defaults to none. */
    public Builder defaults(TableSettings defaults) {
      options.defaults = CatalogOptions.given("defaults", defaults);
      return this;
    }

    /** Sets the table of rows that name none, for {@link #tableOf}. Defaults to none. */
    public Builder defaultTable(String name) {
      options.defaultTable = CatalogOptions.given("defaultTable", name);
      return this;
    }

    /**
     * Sets the most tables that a create may lead to. Defaults to 1,000.
     *
     * @throws InvalidConfigurationException unless from 1 to 100,000
     */
    public Builder maxTables(int maxTables) {
      options.maxTables = CatalogOptions.number("maxTables", maxTables, 100_000);
      return this;
    }

    /**
     * Sets what the names of new tables match. In any case, a name has at most 190 characters, and
     * no space at its ends. Defaults to {@code ^[a-zA-Z][a-zA-Z0-9_]{0,63}$}.
     *
     * @throws InvalidConfigurationException if it is no regular expression
     */
    public Builder namePattern(String regex) {
      options.namePattern = CatalogOptions.pattern("namePattern", regex);
      return this;
    }

    /**
     * Sets the longest time between two looks at the store for changes of other processes. The time
     * varies between half of it and all of it, so that processes do not ask at the same time.
     * Defaults to 500 milliseconds.
     *
     * @throws InvalidConfigurationException unless from a millisecond to an hour
     */
    public Builder pollInterval(Duration interval) {
      options.pollInterval = CatalogOptions.time("pollInterval", interval);
      return this;
    }

    /**
     * Sets when a look for changes is given up, so that another connection is tried. Defaults to 10
     * seconds.
     *
     * @throws InvalidConfigurationException unless from a millisecond to an hour
     */
    public Builder readTimeout(Duration timeout) {
      options.readTimeout = CatalogOptions.time("readTimeout", timeout);
      return this;
    }

    /**
     * Sets the scheduler for timers and signals, and its clock for tests in virtual time. Defaults
     * to {@code Schedulers.parallel()}.
     */
    public Builder scheduler(Scheduler scheduler) {
      options.scheduler = CatalogOptions.given("scheduler", scheduler);
      return this;
    }

    /** Builds the catalog. */
    public TableCatalog build() {
      return new TableCatalog(options.copy());
    }
  }
}
