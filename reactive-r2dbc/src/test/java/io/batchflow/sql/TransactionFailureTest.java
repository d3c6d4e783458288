package io.batchflow.sql;

import static io.batchflow.sql.TransactionSite.NAMES;
import static io.batchflow.sql.TransactionSite.ORDERS;
import static io.batchflow.sql.TransactionSite.PATIENCE;
import static io.batchflow.sql.TransactionSite.item;
import static io.batchflow.sql.TransactionSite.name;
import static io.batchflow.sql.TransactionSite.order;
import static io.batchflow.sql.TransactionSite.orders;
import static io.batchflow.sql.TransactionSite.rollback;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlowException;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriteException;
import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import io.batchflow.sql.TransactionSite.Database;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Rows in the transaction of a caller: the first failure names its row and ends the stream. */
@Tag("server")
class TransactionFailureTest {

  @ParameterizedTest
  @EnumSource(Database.class)
  void theFirstFailureEndsTheStream(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      site.run("INSERT INTO orders VALUES (25, 'old')");
      List<Object> written = new ArrayList<>();
      AtomicLong asked = new AtomicLong();
      BatchPolicy policy = BatchPolicy.builder().maxSize(10).build();

      BatchFlowException failure =
          site.failed(
              connection ->
                  site.writer
                      .write(
                          connection,
                          orders(1_000).doOnNext(row -> asked.incrementAndGet()),
                          policy)
                      .doOnNext(outcome -> written.add(outcome.row().value("id"))));

      assertThat(failure.table()).isEqualTo("orders");
      assertThat(written).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
      assertThat(asked.get()).isLessThan(100);
      assertThat(site.read("SELECT name FROM orders")).containsExactly("old");
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aRowThatIsAloneInItsBatchIsNamed(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      site.run("INSERT INTO orders VALUES (1, 'old')");
      Row bad = order(1);

      BatchFlowException failure =
          site.failed(
              connection -> site.writer.write(connection, Flux.just(order(0), item(0, 0), bad)));

      assertThat(failure).isInstanceOf(RowRejectedException.class);
      assertThat(failure.row()).isSameAs(bad);
    }
  }

  /** COPY names the line, MariaDB the number; H2 and an INSERT of PostgreSQL name none. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void aRowThatFailsIsNamed(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      for (Schema schema : List.of(ORDERS, NAMES)) {
        Row bad = schema.row().set("id", 55).set("name", "x".repeat(30));
        Flux<Row> rows =
            Flux.range(0, 100)
                .map(id -> id == 55 ? bad : schema.row().set("id", id).set("name", "n" + id));

        BatchFlowException failure = site.failed(connection -> site.writer.write(connection, rows));

        assertThat(failure).isInstanceOf(RowRejectedException.class);
        assertThat(failure.row()).isSameAs(bad);
        assertThat(failure.getCause()).isInstanceOf(R2dbcException.class);
      }
    }
  }

  /** No database names the row of a foreign key. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void theFirstOfSeveralRowsThatFailIsNamed(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      for (int first : new int[] {0, 1, 37, 98}) {
        Flux<Row> items =
            Flux.range(0, 100).map(id -> item(id, id == first || id == 99 ? 1_000 : id));

        BatchFlowException failure =
            site.failed(
                connection -> site.writer.write(connection, Flux.concat(orders(100), items)));

        assertThat(failure).isInstanceOf(RowRejectedException.class);
        assertThat(Objects.requireNonNull(failure.row()).value("id")).isEqualTo(first);
      }
    }
  }

  /** Rows of different columns are several statements. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void nothingOfAFailedBatchIsLeft(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      Flux<Row> rows =
          Flux.concat(
              orders(10),
              Flux.range(0, 10).map(id -> item(id, id == 7 ? 1_000 : id)),
              Flux.just(order(11)));
      Flux<Row> mixed =
          Flux.range(20, 10)
              .map(
                  id ->
                      id % 2 == 0
                          ? ORDERS.row().set("id", id)
                          : order(id, id == 29 ? "x".repeat(30) : "n" + id));

      List<Long> left =
          site.committed(
              connection ->
                  site.writer
                      .write(connection, rows)
                      .concatWith(Flux.error(new AssertionError("It was to fail")))
                      .onErrorResume(RowRejectedException.class, failure -> Flux.empty())
                      .thenMany(site.writer.write(connection, mixed))
                      .concatWith(Flux.error(new AssertionError("It was to fail")))
                      .onErrorResume(
                          RowRejectedException.class,
                          failure -> {
                            assertThat(failure.row().value("id")).isEqualTo(29);
                            return Flux.empty();
                          })
                      .thenMany(Flux.just("orders", "items"))
                      .concatMap(
                          table ->
                              connection.createStatement("SELECT COUNT(*) FROM " + table).execute())
                      .concatMap(result -> result.map(row -> row.get(0, Long.class))));

      assertThat(left).containsExactly(10L, 0L);
      assertThat(site.count("orders")).isEqualTo(10);
      assertThat(site.count("items")).isZero();
    }
  }

  /** The rows before a half are applied while it is written. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void aRowThatNeedsAnEarlierOneIsNotBlamed(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      site.run(
          "CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INTEGER,"
              + " FOREIGN KEY (parent) REFERENCES tree (id))");
      Schema tree = Schema.table("tree").columns("id", "parent").build();
      Flux<Row> chain =
          Flux.range(0, 64)
              .map(
                  id -> {
                    Integer parent = id == 0 ? null : Integer.valueOf(id == 50 ? 1_000 : id - 1);
                    return tree.row().set("id", id).set("parent", parent);
                  });

      BatchFlowException failure = site.failed(connection -> site.writer.write(connection, chain));

      assertThat(Objects.requireNonNull(failure.row()).value("id")).isEqualTo(50);
      assertThat(site.count("tree")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void anInvalidRowEndsTheStream(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      Schema strict = Schema.table("orders").columns("id", "name").required("name").build();
      List<Object> written = new ArrayList<>();
      BatchPolicy policy = BatchPolicy.builder().maxSize(10).build();

      BatchFlowException failure =
          site.failed(
              connection ->
                  site.writer
                      .write(
                          connection,
                          Flux.range(0, 100)
                              .map(
                                  id ->
                                      id == 25
                                          ? strict.row().set("id", id)
                                          : strict.row().set("id", id).set("name", "n" + id)),
                          policy)
                      .doOnNext(outcome -> written.add(outcome.row().value("id"))));

      assertThat(failure)
          .isInstanceOf(InvalidRowException.class)
          .hasMessageContaining("the required column 'name' is not set");
      assertThat(written).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aValueThatCannotBeStoredNamesItsRow(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      Row bad = ORDERS.row().set("id", 7).set("name", new Object[] {"a"});

      BatchFlowException failure =
          site.failed(
              connection ->
                  site.writer.write(connection, Flux.concat(orders(5), Flux.just(bad, order(8)))));

      assertThat(failure.row()).isSameAs(bad);
      assertThat(failure.getCause()).isInstanceOf(SqlWriteException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aFailureOfTheSourceComesAfterTheRowsBeforeIt(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      List<Object> written = new ArrayList<>();
      BatchPolicy policy = BatchPolicy.builder().maxSize(10).build();

      Throwable failure =
          site.inTransaction(
              connection ->
                  site.writer
                      .write(
                          connection,
                          orders(20).concatWith(Flux.error(new IllegalStateException("source"))),
                          policy)
                      .doOnNext(outcome -> written.add(outcome.row().value("id")))
                      .then(Mono.<Throwable>empty())
                      .onErrorResume(Mono::just)
                      .flatMap(why -> rollback(connection).thenReturn(why)));

      assertThat(failure).hasMessage("source");
      assertThat(written).hasSize(10);
      assertThat(site.count("orders")).isZero();
    }
  }

  /** The second look for the reason must not commit what the caller has not committed. */
  @ParameterizedTest
  @EnumSource(
      value = Database.class,
      names = {"MARIADB", "MARIADB_BY_MYSQL"})
  void theReasonOfAGuardIsFoundWithoutACommit(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      site.run("INSERT INTO orders VALUES (1, 'old'), (2, 'taken')");

      BatchFlowException failure =
          site.failed(
              connection ->
                  site.writer.write(
                      connection, Flux.just(order(3), name(1, "taken")), BatchPolicy.defaults()));

      assertThat(failure.getCause()).hasMessageContaining("Duplicate entry");
      assertThat(site.read("SELECT name FROM orders ORDER BY id")).containsExactly("old", "taken");
    }
  }

  @ParameterizedTest
  @EnumSource(value = Database.class, mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void aConnectionThatIsLostLeavesNothingBehind(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      boolean mySql = database.isMySql();
      Connection connection = site.open();
      Mono.from(connection.beginTransaction()).block(PATIENCE);
      Object session =
          Flux.from(
                  connection
                      .createStatement(mySql ? "SELECT CONNECTION_ID()" : "SELECT pg_backend_pid()")
                      .execute())
              .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0))))
              .blockLast(PATIENCE);
      Flux<Row> rows =
          orders(20)
              .concatMap(
                  row ->
                      Integer.valueOf(10).equals(row.value("id"))
                          ? kill(
                                  site,
                                  mySql
                                      ? "KILL " + session
                                      : "SELECT pg_terminate_backend(" + session + ")")
                              .thenReturn(row)
                          : Mono.just(row));

      Throwable failure =
          site.writer
              .write(connection, rows, BatchPolicy.builder().maxSize(5).build())
              .then(Mono.<Throwable>empty())
              .onErrorResume(Mono::just)
              .block(PATIENCE);

      assertThat(failure).isInstanceOf(BatchWriteException.class);
      Mono.from(connection.close()).onErrorComplete().block(PATIENCE);
      assertThat(site.count("orders")).isZero();
    }
  }

  private static Mono<Void> kill(TransactionSite site, String sql) {
    return Mono.<Void>fromCallable(
            () -> {
              site.run(sql);
              return null;
            })
        .subscribeOn(Schedulers.boundedElastic());
  }
}
