package io.batchflow.spring.data;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.WriteResult;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mapping.callback.ReactiveEntityCallbacks;
import org.springframework.data.r2dbc.core.R2dbcEntityTemplate;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/** What Spring Data adds to each repository that is a {@link BatchRepository}. Thread-safe. */
final class BatchRepositoryFragment<T> implements BatchRepository<T> {

  /** The most entities of a saveAll that are written at the same time. */
  private static final int SAVED_AT_ONCE = 1_000;

  private final R2dbcEntityTemplate template;
  private final DatabaseClient client;
  private final BatchFlow flow;
  private final R2dbcBatchWriter writer;
  private final Callbacks callbacks;
  private final Map<Class<?>, EntityTable> tables = new ConcurrentHashMap<>();

  BatchRepositoryFragment(
      R2dbcEntityTemplate template,
      BatchFlow flow,
      R2dbcBatchWriter writer,
      ApplicationContext context) {
    this.template = template;
    this.client = template.getDatabaseClient();
    this.flow = flow;
    this.writer = writer;
    this.callbacks =
        new Callbacks(
            context
                .getBeanProvider(ReactiveEntityCallbacks.class)
                .getIfAvailable(() -> ReactiveEntityCallbacks.create(context)));
  }

  @Override
  public <S extends T> Mono<S> submit(S entity) {
    return submit(entity, Intent.SUBMIT);
  }

  @Override
  public <S extends T> Flux<Outcome<S>> submitAll(Publisher<S> entities) {
    return writeAll(entities, Intent.SUBMIT);
  }

  @Override
  public <S extends T> Flux<Outcome<S>> insertAll(Publisher<S> entities) {
    return writeAll(entities, Intent.INSERT);
  }

  @Override
  public <S extends T> Flux<Outcome<S>> upsertAll(Publisher<S> entities) {
    return writeAll(entities, Intent.UPSERT);
  }

  /**
   * Saves as Spring Data does, but inserts in batches. Within a transaction the first failure ends
   * the stream; otherwise it is signalled after all entities have their outcomes.
   */
  <S extends T> Flux<S> saveAll(Publisher<S> entities) {
    return joinsTransaction()
        .flatMapMany(joins -> joins ? saveTogether(entities) : saveApart(entities));
  }

  private <S extends T> Flux<S> saveTogether(Publisher<S> entities) {
    return Flux.from(entities)
        .windowUntilChanged(this::isNew)
        .concatMap(
            run ->
                run.switchOnFirst(
                    (first, same) ->
                        first.hasValue() && isNew(Objects.requireNonNull(first.get()))
                            ? insertAll(same).map(Outcome::value)
                            : same.concatMap(template::update)));
  }

  private <S extends T> Flux<S> saveApart(Publisher<S> entities) {
    return Flux.from(entities)
        .flatMapSequentialDelayError(
            entity -> isNew(entity) ? submit(entity, Intent.INSERT) : template.update(entity),
            SAVED_AT_ONCE,
            1)
        .onErrorMap(failure -> Exceptions.unwrapMultiple(failure).get(0));
  }

  private boolean isNew(Object entity) {
    return table(entity).isNew(entity);
  }

  private <S extends T> Mono<S> submit(S entity, Intent intent) {
    return row(entity, intent)
        .flatMap(
            row -> {
              Prepared<S> prepared = Prepared.of(row);
              return joinsTransaction()
                  .flatMap(joins -> joins ? writeTogether(row) : flow.submit(row))
                  .onErrorMap(BatchFlowException.class, prepared::reason)
                  .flatMap(
                      result ->
                          prepared.isIdKnown(result)
                              ? saved(prepared, result)
                              : Mono.error(prepared.noId().initRow(row)));
            });
  }

  private <S extends T> Flux<Outcome<S>> writeAll(Publisher<S> entities, Intent intent) {
    Flux<Row> rows = Flux.from(entities).concatMap(entity -> row(entity, intent), 1);
    return joinsTransaction()
        .flatMapMany(joins -> joins ? writeTogether(rows) : flow.submitAll(rows))
        .concatMap(outcome -> this.<S>saved(outcome));
  }

  private Mono<WriteResult> writeTogether(Row row) {
    return writeTogether(Flux.just(row)).next().mapNotNull(Outcome::result);
  }

  /** In a transaction nothing may be committed without the refused entity. */
  private Flux<Outcome<Row>> writeTogether(Flux<Row> rows) {
    Flux<Row> sendable =
        rows.handle(
            (row, sink) -> {
              BatchFlowException refusal = Prepared.of(row).refusal();
              if (refusal == null) {
                sink.next(row);
              } else {
                sink.error(refusal);
              }
            });
    return client
        .inConnectionMany(connection -> writer.write(connection, sendable))
        .handle(BatchRepositoryFragment::requireId);
  }

  private static void requireId(Outcome<Row> outcome, SynchronousSink<Outcome<Row>> sink) {
    Row row = outcome.row();
    Prepared<?> prepared = Prepared.of(row);
    WriteResult result = outcome.result();
    if (result == null || prepared.isIdKnown(result)) {
      sink.next(outcome);
    } else {
      sink.error(prepared.noId().initRow(row));
    }
  }

  /** Returns whether Spring has bound a transaction of this database to the subscriber. */
  private Mono<Boolean> joinsTransaction() {
    return TransactionSynchronizationManager.forCurrentTransaction()
        .map(
            current ->
                current.isActualTransactionActive()
                    && current.hasResource(client.getConnectionFactory()))
        .onErrorReturn(NoTransactionException.class, false);
  }

  /** Converts an entity. What fails becomes a row that the flow turns away. */
  private <S extends T> Mono<Row> row(S given, Intent wanted) {
    EntityTable table = table(given);
    return Mono.defer(
            () -> {
              Intent intent = wanted.resolved(table.isNew(given));
              table.check(intent);
              return callbacks
                  .beforeConvert(given, table)
                  .flatMap(converted -> row(given, converted, intent, table));
            })
        .onErrorResume(
            failure -> {
              InvalidRowException refusal =
                  failure instanceof InvalidRowException invalid
                      ? invalid
                      : InvalidRowException.unmappable(table.table(), failure);
              return Mono.just(table.refusedRow(given, refusal));
            });
  }

  private <S extends T> Mono<Row> row(S given, S converted, Intent intent, EntityTable table) {
    S versioned = intent == Intent.INSERT ? table.withFirstVersion(converted) : converted;
    var outbound = table.outbound(versioned);
    return callbacks
        .beforeSave(versioned, outbound, table)
        .map(saved -> table.row(given, saved, outbound, intent));
  }

  private <S extends T> Mono<Outcome<S>> saved(Outcome<Row> outcome) {
    Prepared<S> prepared = Prepared.of(outcome.row());
    Row row = outcome.row();
    WriteResult result = outcome.result();
    if (result != null && prepared.isIdKnown(result)) {
      return saved(prepared, result).map(outcome::withValue);
    }
    BatchFlowException reason =
        result == null
            ? prepared.reason(Objects.requireNonNull(outcome.error()))
            : prepared.noId().initRow(row);
    return Mono.just(Outcome.failed(prepared.given(), row, reason));
  }

  private <S> Mono<S> saved(Prepared<S> prepared, WriteResult result) {
    return callbacks.afterSave(prepared.saved(result), prepared.outbound(), prepared.table());
  }

  private EntityTable table(Object entity) {
    return tables.computeIfAbsent(
        ClassUtils.getUserClass(entity),
        type ->
            new EntityTable(
                template.getConverter().getMappingContext().getRequiredPersistentEntity(type),
                template.getDataAccessStrategy()));
  }
}
