package io.batchflow.r2dbc;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.WritesUnderWay;
import io.batchflow.unit.Unit;
import reactor.core.publisher.Mono;

/** Begins writes, and withdraws, interrupts and abandons those under way. Safe for any thread. */
final class R2dbcWrites {

  private final SqlDialect dialect;
  private final Connections connections;
  private final BatchWrites batches;
  private final UnitWrites units;
  private final WritesUnderWay<InFlightWrite> writes;

  R2dbcWrites(
      SqlDialect dialect,
      R2dbcFailures failures,
      Connections connections,
      BatchWrites batches,
      UnitWrites units) {
    this.dialect = dialect;
    this.connections = connections;
    this.batches = batches;
    this.units = units;
    this.writes = new WritesUnderWay<>(InFlightWrite::state, failures::classify);
  }

  Mono<BatchResult> write(Batch batch) {
    // Subscribed separately: a cancelled statement would go on while its connection is in the pool.
    return Mono.create(
        sink -> {
          InFlightWrite write = new InFlightWrite(dialect, batch.schema());
          writes.begin(batch, write);
          sink.onCancel(() -> giveUp(batch, write));
          Mono.defer(() -> written(write, batch))
              .onErrorMap(failure -> writes.fail(batch, write, failure))
              .doOnSuccess(verdict -> writes.end(batch))
              .contextWrite(sink.contextView())
              .subscribe(sink::success, sink::error, sink::success);
        });
  }

  private Mono<BatchResult> written(InFlightWrite write, Batch batch) {
    return batch.schema().equals(Unit.SCHEMA)
        ? units.write(write, batch)
        : batches.write(write, batch);
  }

  private void giveUp(Batch batch, InFlightWrite write) {
    write.giveUp();
    writes.giveUp(batch, write);
  }

  Mono<Void> interrupt(Batch batch) {
    InFlightWrite write = writes.of(batch);
    return write == null ? Mono.empty() : write.interrupt(connections.otherSession());
  }

  boolean withdraw(Batch batch) {
    return writes.withdraw(batch);
  }

  Mono<Boolean> abandon(Batch batch) {
    InFlightWrite write = writes.of(batch);
    return write == null ? Mono.just(true) : write.abandon(connections.otherSession());
  }
}
