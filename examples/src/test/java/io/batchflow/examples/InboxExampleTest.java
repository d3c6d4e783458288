package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import io.batchflow.r2dbc.retention.Retention;
import io.batchflow.r2dbc.retention.RetentionRun;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The example of docs/inbox.md: payments that are booked once, on H2. */
class InboxExampleTest {

  private static final String ACCOUNT =
      "CREATE TABLE account AS SELECT CAST(0 AS BIGINT) AS balance";

  private record Payment(String id, int amount) {}

  private static Mono<Long> book(Connection connection, R2dbcInbox inbox, List<Payment> payments) {
    return inbox
        .accept(connection, payments.stream().map(Payment::id).toList())
        .flatMapMany(fresh -> Flux.fromIterable(payments).filter(paid -> fresh.contains(paid.id())))
        .distinct(Payment::id)
        .concatMap(payment -> add(connection, payment.amount()))
        .count();
  }

  private static Flux<Long> add(Connection connection, int amount) {
    return Flux.from(
            connection
                .createStatement("UPDATE account SET balance = balance + " + amount)
                .execute())
        .flatMap(Result::getRowsUpdated);
  }

  private static Mono<Long> inTransaction(
      ConnectionFactory database, R2dbcInbox inbox, List<Payment> payments) {
    return Mono.usingWhen(
        database.create(),
        connection ->
            Mono.from(connection.beginTransaction())
                .then(book(connection, inbox, payments))
                .flatMap(booked -> Mono.from(connection.commitTransaction()).thenReturn(booked)),
        Connection::close);
  }

  private static Mono<byte[]> receipt(
      Connection connection, R2dbcInbox inbox, Payment payment, byte[] receipt) {
    return inbox
        .accept(connection, List.of(payment.id()))
        .flatMap(
            fresh ->
                fresh.isEmpty()
                    ? inbox
                        .results(connection, List.of(payment.id()))
                        .mapNotNull(results -> results.get(payment.id()))
                    : add(connection, payment.amount())
                        .then(inbox.keep(connection, Map.of(payment.id(), receipt)))
                        .thenReturn(receipt));
  }

  private static Flux<RetentionRun> forget(ConnectionFactory database, R2dbcLeaseStore leases) {
    return Retention.create(database)
        .whileHeld(
            leases, Duration.ofMinutes(10), Mono.just(R2dbcInbox.retention(Duration.ofDays(7))));
  }

  @Test
  void aReceiptIsTheSameAgain() {
    ConnectionFactory database = database();
    R2dbcInbox inbox = R2dbcInbox.create(database, "payments");
    inbox.createTable().block();
    Connection connection = Mono.from(database.create()).block();
    Mono.from(connection.createStatement(ACCOUNT).execute()).block();
    Mono.from(connection.beginTransaction()).block();
    Payment payment = new Payment("p1", 5);

    assertThat(receipt(connection, inbox, payment, new byte[] {1}).block()).containsExactly(1);
    assertThat(receipt(connection, inbox, payment, new byte[] {2}).block()).containsExactly(1);
    Mono.from(connection.commitTransaction()).block();

    R2dbcLeaseStore leases = R2dbcLeaseStore.create(database);
    leases.createTable().block();
    assertThat(forget(database, leases).blockFirst(Duration.ofMinutes(1)).deletedRows()).isZero();
    Mono.from(connection.close()).block();
  }

  private static ConnectionFactory database() {
    return ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
  }

  @Test
  void aPaymentThatArrivesTwiceIsBookedOnce() {
    ConnectionFactory database = database();
    R2dbcInbox inbox = R2dbcInbox.create(database, "payments");
    inbox.createTable().block();
    Connection beside = Mono.from(database.create()).block();
    Mono.from(beside.createStatement(ACCOUNT).execute()).block();
    List<Payment> payments = List.of(new Payment("p1", 5), new Payment("p2", 7));

    assertThat(inTransaction(database, inbox, payments).block()).isEqualTo(2);
    assertThat(inTransaction(database, inbox, payments).block()).isZero();

    Long balance =
        Flux.from(beside.createStatement("SELECT balance FROM account").execute())
            .flatMap(result -> result.map(row -> row.get(0, Long.class)))
            .blockFirst();
    assertThat(balance).isEqualTo(12);
    Mono.from(beside.close()).block();
  }
}
