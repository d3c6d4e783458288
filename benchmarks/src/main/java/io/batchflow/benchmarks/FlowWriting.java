package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Ordering;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import java.util.List;
import reactor.core.publisher.Flux;

/** Writes rows by {@link BatchFlow#submitAll}, from their creation to their outcomes. */
final class FlowWriting implements Way.Writing, AutoCloseable {

  private final BatchFlow flow;
  private final Schema schema;
  private final RowMaker maker;
  private final List<ConnectionPool> pool;

  /** Creates a row from its number. */
  @FunctionalInterface
  interface RowMaker {

    Row of(Schema schema, int number);
  }

  private FlowWriting(
      BatchWriter writer,
      Schema schema,
      RowMaker maker,
      BatchPolicy policy,
      int concurrency,
      List<ConnectionPool> pool) {
    this.pool = pool;
    this.schema = schema;
    this.maker = maker;
    this.flow =
        BatchFlow.builder(writer)
            .defaultPolicy(policy)
            .concurrency(Math.min(concurrency, writer.maxConcurrency()))
            .build();
  }

  private static BatchPolicy.Builder batchesOf(int rows) {
    return BatchPolicy.builder().maxSize(rows);
  }

  /** Opens a flow over a writer. */
  static FlowWriting over(
      BatchWriter writer, ConflictStrategy onConflict, int batch, int concurrency) {
    return over(writer, events(onConflict), FlowWriting::event, batch, concurrency);
  }

  /** Opens a flow over a writer, for other rows than {@link Events}. */
  static FlowWriting over(
      BatchWriter writer, Schema schema, RowMaker maker, int batch, int concurrency) {
    return new FlowWriting(writer, schema, maker, batchesOf(batch).build(), concurrency, List.of());
  }

  /** Opens a flow that has as many connections as batches in flight. */
  static FlowWriting over(
      ConnectionFactory factory, ConflictStrategy onConflict, int batch, int connections) {
    return over(factory, onConflict, batchesOf(batch).build(), connections, connections);
  }

  /**
   * Opens a flow that has one batch in flight more than connections. That batch is encoded while
   * the others are written.
   */
  static FlowWriting ahead(
      ConnectionFactory factory,
      ConflictStrategy onConflict,
      Ordering ordering,
      int batch,
      int connections) {
    BatchPolicy policy = batchesOf(batch).ordering(ordering).build();
    return over(factory, onConflict, policy, connections, connections + 1);
  }

  private static FlowWriting over(
      ConnectionFactory factory,
      ConflictStrategy onConflict,
      BatchPolicy policy,
      int connections,
      int concurrency) {
    ConnectionPool pool = R2dbcLoop.pool(factory, connections);
    return new FlowWriting(
        R2dbcBatchWriter.create(pool),
        events(onConflict),
        FlowWriting::event,
        policy,
        concurrency,
        List.of(pool));
  }

  static Schema events(ConflictStrategy onConflict) {
    return Schema.table(Events.TABLE)
        .columns(Events.COLUMNS)
        .conflictKey("id")
        .onConflict(onConflict)
        .build();
  }

  @Override
  public void write(int rows) {
    outcomes(rows).blockLast();
  }

  /** Submits the first rows. Fails with the reason of a row that is not written. */
  Flux<Outcome<Row>> outcomes(int rows) {
    return flow.submitAll(Flux.range(0, rows).map(number -> maker.of(schema, number)))
        .doOnNext(FlowWriting::check);
  }

  static void check(Outcome<?> outcome) {
    if (!outcome.isWritten()) {
      throw new IllegalStateException("A row was not written", outcome.error());
    }
  }

  static Row event(Schema schema, int number) {
    Row row = schema.row();
    for (int column = 0; column < Events.COLUMNS.size(); column++) {
      row.set(column, Events.value(number, column));
    }
    return row;
  }

  @Override
  public void close() {
    flow.close().block();
    pool.forEach(own -> own.disposeLater().block());
  }
}
