package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.lease.Lease;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The example of docs/leases.md: work of one process at a time, on H2. */
class LeaseExampleTest {

  private static final String REPORT = "INSERT INTO reports (pages) VALUES (12)";

  private static Flux<Result> workOfOneProcess(ConnectionFactory database, R2dbcLeaseStore store) {
    Lease lease = Lease.builder(store, "nightly report").holder("node 1").build();
    return lease.whileHeld(token -> work(database, store, token));
  }

  private static Flux<Result> reportEachHour(
      Lease lease, ConnectionFactory database, R2dbcLeaseStore store) {
    return lease.whileHeld(Duration.ofHours(1), token -> work(database, store, token));
  }

  private static Mono<Result> work(ConnectionFactory database, R2dbcLeaseStore store, long token) {
    return Mono.usingWhen(
        database.create(),
        connection ->
            Mono.from(connection.beginTransaction())
                .then(report(connection, store, token))
                .flatMap(result -> Mono.from(connection.commitTransaction()).thenReturn(result)),
        Connection::close);
  }

  private static Mono<Result> report(Connection connection, R2dbcLeaseStore store, long token) {
    return store
        .fence(connection, "nightly report", token)
        .then(Mono.from(connection.createStatement(REPORT).execute()));
  }

  private static R2dbcLeaseStore storeIn(ConnectionFactory database) {
    R2dbcLeaseStore store = R2dbcLeaseStore.create(database);
    return store;
  }

  @Test
  void aRepeatedTaskBeginsAtOnce() {
    ConnectionFactory database =
        ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
    R2dbcLeaseStore store = storeIn(database);
    store.createTable().block();
    Connection beside = Mono.from(database.create()).block();
    Mono.from(beside.createStatement("CREATE TABLE reports (pages INT)").execute()).block();
    Lease lease = Lease.builder(store, "nightly report").build();

    assertThat(reportEachHour(lease, database, store).next().block(Duration.ofSeconds(30)))
        .isNotNull();
    Mono.from(beside.close()).block();
  }

  @Test
  void theWorkOfTheHolderIsAccepted() {
    ConnectionFactory database =
        ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
    R2dbcLeaseStore store = storeIn(database);
    store.createTable().block();
    Connection beside = Mono.from(database.create()).block();
    Mono.from(beside.createStatement("CREATE TABLE reports (pages INT)").execute()).block();

    workOfOneProcess(database, store).next().block(Duration.ofSeconds(30));

    Long pages =
        Flux.from(beside.createStatement("SELECT SUM(pages) FROM reports").execute())
            .flatMap(result -> result.map(row -> row.get(0, Long.class)))
            .blockFirst();
    assertThat(pages).isEqualTo(12);
    Mono.from(beside.close()).block();
  }
}
