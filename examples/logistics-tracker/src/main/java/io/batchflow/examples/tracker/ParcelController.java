package io.batchflow.examples.tracker;

import io.batchflow.Row;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.batchflow.table.RowMapper;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes a parcel for each payment that was booked, once. */
@RestController
class ParcelController {

  private static final RowMapper<Parcel> PARCELS = RowMapper.of(Parcel.class);

  private final DatabaseClient database;
  private final TransactionalOperator transaction;
  private final R2dbcInbox inbox;
  private final R2dbcBatchWriter writer;

  ParcelController(
      DatabaseClient database,
      TransactionalOperator transaction,
      R2dbcInbox inbox,
      R2dbcBatchWriter writer) {
    this.database = database;
    this.transaction = transaction;
    this.inbox = inbox;
    this.writer = writer;
  }

  @PostMapping("/messages")
  Mono<Void> receive(@RequestBody List<Received> messages) {
    return transaction.transactional(
        database.inConnection(
            connection ->
                inbox
                    .accept(connection, messages.stream().map(Received::id).toList())
                    .map(fresh -> messages.stream().filter(one -> fresh.remove(one.id())).toList())
                    .flatMapMany(
                        fresh ->
                            writer.write(
                                connection, Flux.fromIterable(fresh).map(ParcelController::parcel)))
                    .then()));
  }

  private static Row parcel(Received booked) {
    Row row = PARCELS.schema().row();
    PARCELS.map(new Parcel(booked.key()), row);
    return row;
  }
}
