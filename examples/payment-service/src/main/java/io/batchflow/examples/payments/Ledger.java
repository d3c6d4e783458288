package io.batchflow.examples.payments;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.batchflow.Row;
import io.batchflow.message.Message;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import io.batchflow.table.RowMapper;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Books payments, each once, and tells other services of it. */
@Service
class Ledger {

  private static final RowMapper<Entry> ENTRIES = RowMapper.of(Entry.class);

  private final DatabaseClient database;
  private final R2dbcInbox inbox;
  private final R2dbcBatchWriter writer;
  private final R2dbcOutbox outbox;
  private final JsonMapper json;

  Ledger(
      DatabaseClient database,
      R2dbcInbox inbox,
      R2dbcBatchWriter writer,
      R2dbcOutbox outbox,
      JsonMapper json) {
    this.database = database;
    this.inbox = inbox;
    this.writer = writer;
    this.outbox = outbox;
    this.json = json;
  }

  /** What the message of a paid order says. */
  record Paid(UUID order, String customer, long cents) {}

  /**
   * Books a batch in one transaction, with a statement each to find which messages are new, to
   * store their entries, and to tell that they are booked. A repeated message changes nothing.
   */
  @Transactional
  public Mono<Void> book(List<Received> messages) {
    return database.inConnection(
        connection ->
            inbox
                .accept(connection, messages.stream().map(Received::id).toList())
                .map(fresh -> messages.stream().filter(one -> fresh.remove(one.id())).toList())
                .flatMap(fresh -> bookNew(connection, fresh)));
  }

  private Mono<Void> bookNew(Connection connection, List<Received> messages) {
    return writer
        .write(connection, Flux.fromIterable(messages).concatMapIterable(this::entries))
        .then(outbox.append(connection, messages.stream().map(Ledger::booked).toList()));
  }

  private List<Row> entries(Received message) {
    Paid paid = json.readValue(message.payload(), Paid.class);
    return List.of(
        row(new Entry(message.id(), "customer " + paid.customer(), -paid.cents())),
        row(new Entry(message.id(), "shop", paid.cents())));
  }

  private static Row row(Entry entry) {
    Row row = ENTRIES.schema().row();
    ENTRIES.map(entry, row);
    return row;
  }

  private static Message booked(Received paid) {
    return Message.builder("payment.booked", paid.payload().getBytes(UTF_8))
        .id("payment.booked " + paid.key())
        .key(paid.key())
        .build();
  }
}
