package io.batchflow.kafka.connect;

import io.batchflow.AbsentStrategy;
import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.sql.SqlWriteException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/** The database of a task: its tables, and the flow into them. Thread-safe. */
final class Database {

  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final SinkConfig config;
  private final Backend backend;
  private final TableChanges changes;

  /** The names of the tables of topics. */
  private final Map<String, String> names = new ConcurrentHashMap<>();

  private final Map<String, TargetTable> tables = new ConcurrentHashMap<>();

  Database(SinkConfig config) {
    this.config = config;
    this.backend = Backends.of(config);
    this.changes = new TableChanges(config, backend::dialect);
  }

  /** Returns a new flow, which closes the connections. */
  BatchFlow flow() {
    return BatchFlow.builder(backend.writer())
        .defaultPolicy(BatchPolicy.builder().maxSize(config.batchSize).build())
        .concurrency(Math.min(config.connections, backend.writer().maxConcurrency()))
        .maxPending(Math.max(config.inFlight, config.batchSize))
        .retry(retry())
        .closeTimeout(Duration.ofMillis(Math.max(config.drainMillis, 1)))
        .build();
  }

  private RetryBackoffSpec retry() {
    long attempts = config.retryMillis / LONGEST_WAIT.toMillis() + 3;
    return Retry.backoff(attempts, FIRST_WAIT).maxBackoff(LONGEST_WAIT);
  }

  /**
   * Returns the table of a record, which is created if that is allowed.
   *
   * @return fails with a {@link TableException}, or with a {@link DataException} if the record is
   *     the reason
   */
  Mono<TargetTable> table(SinkRecord record) {
    TargetTable known = known(record);
    return known == null ? opened(name(record), record) : Mono.just(known);
  }

  private String name(SinkRecord record) {
    return names.computeIfAbsent(record.topic(), config::table);
  }

  /** Returns the table of a record, if it was read before. */
  @Nullable TargetTable known(SinkRecord record) {
    return tables.get(name(record));
  }

  private Mono<TargetTable> opened(String name, SinkRecord record) {
    Mono<TargetTable> read = patient(name);
    Mono<TargetTable> opened =
        config.evolution == SchemaEvolution.NONE
            ? read
            : read.onErrorResume(
                Database::isAbsent,
                absent -> changed(changes.creation(name, record), read.then()).then(read));
    return opened.onErrorMap(failure -> blamed(name, failure));
  }

  static boolean isAbsent(Throwable failure) {
    return failure instanceof SqlWriteException read
        && read.mismatches().contains("there is no such table");
  }

  private static Throwable blamed(String table, Throwable failure) {
    return failure instanceof DataException || failure instanceof TableException
        ? failure
        : new TableException("The table '" + table + "' cannot be used", failure);
  }

  /**
   * Adds the columns that a record lacks to its table.
   *
   * @param earlier ends when all earlier rows of the task have ended, so that they keep their order
   * @param missing what the record lacks
   */
  Mono<TargetTable> widened(SinkRecord record, Mono<Void> earlier, UnknownColumnException missing) {
    if (config.evolution == SchemaEvolution.NONE) {
      return Mono.error(missing);
    }
    String name = name(record);
    return table(record)
        .map(table -> changes.additions(record, table))
        .filter(statements -> !statements.isEmpty())
        .switchIfEmpty(Mono.error(missing))
        .flatMap(
            statements ->
                earlier
                    .thenMany(Flux.fromIterable(statements.entrySet()))
                    .concatMap(add -> changed(add.getValue(), has(name, add.getKey())))
                    .then(patient(name)))
        .onErrorMap(failure -> blamed(name, failure));
  }

  /**
   * Widens a column for a value that it does not take.
   *
   * @param earlier as above
   */
  Mono<TargetTable> widened(SinkRecord record, Mono<Void> earlier, NarrowColumnException narrow) {
    String name = name(record);
    return table(record)
        .flatMap(
            table -> {
              if (narrow.fits(table)) {
                return Mono.just(table); // another record was faster
              }
              String statement = changes.widening(table, narrow);
              return config.evolution == SchemaEvolution.NONE || !changes.canWiden(narrow)
                  ? Mono.error(narrow.refused(statement))
                  : earlier
                      .then(changed(statement, fitting(name, narrow, statement).then()))
                      .then(fitting(name, narrow, statement))
                      .delayUntil(read -> backend.writer().lookUp(read.schema));
            })
        .onErrorMap(failure -> blamed(name, failure));
  }

  private Mono<TargetTable> fitting(String table, NarrowColumnException narrow, String statement) {
    return patient(table)
        .filter(narrow::fits)
        .switchIfEmpty(Mono.error(() -> narrow.refused(statement)));
  }

  private Mono<Void> has(String table, String column) {
    return patient(table)
        .filter(read -> read.has(column))
        .switchIfEmpty(Mono.error(() -> new UnknownColumnException(table, column)))
        .then();
  }

  /** Runs a statement, unless another task was faster. */
  private Mono<Void> changed(String statement, Mono<Void> done) {
    return backend
        .run(statement)
        .onErrorResume(
            refused ->
                done.onErrorMap(
                    still ->
                        new TableException(
                            "The table could not be changed. Run this yourself, and start the task"
                                + " again: "
                                + statement,
                            refused)));
  }

  /** Reads a table, and waits for a database that cannot be reached. */
  private Mono<TargetTable> patient(String name) {
    return read(name)
        .retryWhen(retry().filter(this::isPassing))
        .doOnNext(table -> tables.put(name, table));
  }

  /** Connects to the database without waiting for it. */
  Mono<Void> reach() {
    return backend.reach();
  }

  /** Reads a table without waiting for a database that cannot be reached. */
  Mono<TargetTable> read(String name) {
    List<String> key = config.keyMode == KeyMode.NONE ? List.of() : config.keyColumns();
    return backend
        .schema(name, config.insertMode.strategy, key)
        .flatMap(read -> backend.real(read).map(real -> target(read, real)));
  }

  private TargetTable target(Schema read, RealTable real) {
    Schema schema =
        config.insertMode == InsertMode.UPDATE && !read.isUpdateOnly()
            ? Schema.tablePath(read.tablePath().toArray(new String[0]))
                .columns(read.columns())
                .conflictKey(read.conflictKey())
                .onConflict(ConflictStrategy.UPDATE)
                .onAbsent(AbsentStrategy.REJECT)
                .build()
            : read;
    return new TargetTable(schema, read.conflictKey(), backend.storesNull(), real);
  }

  private boolean isPassing(Throwable failure) {
    return backend.writer().failureClassifier().classify(failure) == FailureKind.TRANSIENT;
  }

  /** Names a failure without the message of the driver, which may hold an address or a value. */
  String describe(Throwable failure) {
    String code = backend.writer().statusCode(failure);
    return failure.getClass().getSimpleName() + (code == null ? "" : ", code " + code);
  }

  /** Closes the connections of a database without a flow. */
  Mono<Void> close() {
    return backend.writer().close();
  }
}
