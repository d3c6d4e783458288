package io.batchflow.sql;

import static io.batchflow.sql.TransactionSite.ITEMS;
import static io.batchflow.sql.TransactionSite.ORDERS;
import static io.batchflow.sql.TransactionSite.PATIENCE;
import static io.batchflow.sql.TransactionSite.commit;
import static io.batchflow.sql.TransactionSite.execute;
import static io.batchflow.sql.TransactionSite.item;
import static io.batchflow.sql.TransactionSite.name;
import static io.batchflow.sql.TransactionSite.order;
import static io.batchflow.sql.TransactionSite.orders;
import static io.batchflow.sql.TransactionSite.rollback;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriteException;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.sql.TransactionSite.Database;
import io.r2dbc.spi.Connection;
import java.sql.SQLException;
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

/** Rows in the transaction of a caller: written in their order, applied by the caller. */
@Tag("server")
class TransactionWriteTest {

  @ParameterizedTest
  @EnumSource(Database.class)
  void rowsOfSeveralTablesAreAppliedByTheCallersCommit(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      List<Outcome<Row>> outcomes =
          site.inTransaction(
              connection ->
                  execute(connection, "INSERT INTO orders VALUES (1000, 'own')")
                      .thenMany(
                          site.writer.write(
                              connection,
                              Flux.concat(orders(50), Flux.range(0, 50).map(id -> item(id, id)))))
                      .collectList()
                      .publishOn(Schedulers.boundedElastic())
                      .doOnNext(written -> assertEmpty(site, connection))
                      .flatMap(written -> commit(connection).thenReturn(written)));

      assertThat(outcomes).hasSize(100).allMatch(Outcome::isWritten);
      assertThat(outcomes.get(0).row().value("id")).isEqualTo(0);
      assertThat(outcomes.get(99).row().schema()).isEqualTo(ITEMS);
      assertThat(outcomes)
          .extracting(Outcome::result)
          .extracting(WriteResult::batchSize)
          .containsOnly(50);
      assertThat(site.count("orders")).isEqualTo(51);
      assertThat(site.count("items")).isEqualTo(50);
    }
  }

  private static void assertEmpty(TransactionSite site, Connection connection) {
    assertThat(connection.isAutoCommit()).isFalse();
    try {
      assertThat(site.count("orders")).isZero();
      assertThat(site.count("items")).isZero();
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aRollbackOfTheCallerUndoesTheRows(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      site.inTransaction(
          connection ->
              site.writer
                  .write(connection, Flux.concat(orders(100), Flux.just(item(1, 1))))
                  .then(rollback(connection))
                  .thenReturn(true));

      assertThat(site.count("orders")).isZero();
      assertThat(site.committed(connection -> site.writer.write(connection, orders(3)))).hasSize(3);
      assertThat(site.count("orders")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aConnectionWithinNoTransactionIsRejected(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      Connection connection = site.open();

      Throwable failure =
          site.writer
              .write(connection, orders(1))
              .then(Mono.<Throwable>empty())
              .onErrorResume(Mono::just)
              .block(PATIENCE);

      assertThat(failure)
          .isInstanceOf(BatchWriteException.class)
          .cause()
          .hasMessageContaining("the caller's connection is within no transaction");
      assertThat(site.count("orders")).isZero();
      Mono.from(connection.close()).block(PATIENCE);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void noRowsNeedNoTransaction(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      Connection connection = site.open();

      assertThat(site.writer.write(connection, Flux.empty()).collectList().block(PATIENCE))
          .isEmpty();

      Mono.from(connection.close()).block(PATIENCE);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void rowsThatSetDifferentColumnsStayInOneTransaction(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      List<Outcome<Row>> outcomes =
          site.inTransaction(
              connection ->
                  site.writer
                      .write(
                          connection,
                          Flux.range(0, 10)
                              .map(id -> id % 2 == 0 ? order(id) : ORDERS.row().set("id", id)))
                      .collectList()
                      .publishOn(Schedulers.boundedElastic())
                      .doOnNext(written -> assertEmpty(site, connection))
                      .flatMap(written -> commit(connection).thenReturn(written)));

      assertThat(outcomes)
          .extracting(outcome -> outcome.row().value("id"))
          .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      assertThat(site.count("orders")).isEqualTo(10);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aRowIsWrittenBeforeEveryLaterRowOfAnotherTable(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      site.run("INSERT INTO orders VALUES (1, 'old')");
      Flux<Row> rows =
          Flux.just(item(1, 1), order(2), item(2, 2), item(3, 1), order(3), item(4, 3));

      assertThat(site.committed(connection -> site.writer.write(connection, rows)))
          .extracting(Outcome::result)
          .extracting(WriteResult::batchSize)
          .containsExactly(1, 1, 2, 2, 1, 1);

      assertThat(site.count("items")).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void theLastRowOfAKeyWins(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      Flux<Row> rows =
          Flux.just(name(2, "b"), name(1, "a"), name(2, "c"), name(1, "d"), name(2, "e"));

      List<Outcome<Row>> outcomes =
          site.committed(connection -> site.writer.write(connection, rows));

      assertThat(outcomes)
          .extracting(outcome -> outcome.row().value("name"))
          .containsExactly("b", "a", "c", "d", "e");
      assertThat(site.read("SELECT name FROM orders ORDER BY id")).containsExactly("d", "e");
    }
  }

  /** PostgreSQL rejects a statement that has two of them. */
  @ParameterizedTest
  @EnumSource(value = Database.class, names = "POSTGRES")
  void rowsThatOnlyTheDatabaseCallsEqualAreWrittenInTheirOrder(Database database)
      throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      site.run(
          "CREATE COLLATION nocase"
              + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
          "CREATE TABLE tags (word TEXT COLLATE nocase CONSTRAINT by_word UNIQUE, n INTEGER)");
      Schema tags =
          Schema.table("tags")
              .columns("word", "n")
              .conflictKey("word")
              .onConflict(ConflictStrategy.UPDATE)
              .conflictConstraint("by_word")
              .build();
      Flux<Row> rows =
          Flux.just("a", "b", "c", "A", "B", "d", "a", "C", "e")
              .index((n, word) -> tags.row().set("word", word).set("n", n.intValue()));

      assertThat(site.committed(connection -> site.writer.write(connection, rows))).hasSize(9);

      assertThat(site.read("SELECT n FROM tags ORDER BY word"))
          .containsExactly("6", "4", "7", "5", "8");
    }
  }

  /** Others may see it by numbers that the database gives. */
  @ParameterizedTest
  @EnumSource(Database.class)
  void rowsAreInsertedInTheirOrder(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      String number =
          database.isMySql() ? "BIGINT AUTO_INCREMENT" : "BIGINT GENERATED BY DEFAULT AS IDENTITY";
      site.run("CREATE TABLE log (n " + number + " PRIMARY KEY, word VARCHAR(20))");
      Schema log = Schema.table("log").columns("word").build();
      List<String> words =
          IntStream.range(0, 2_500).mapToObj(i -> "w" + (i * 7919) % 2_500).toList();

      site.committed(
          connection ->
              site.writer.write(
                  connection, Flux.fromIterable(words).map(word -> log.row().set("word", word))));

      assertThat(site.read("SELECT word FROM log ORDER BY n")).isEqualTo(words);
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void theSourceIsAskedForNoMoreThanAFewBatchesAhead(Database database) throws SQLException {
    try (TransactionSite site = new TransactionSite(database)) {
      AtomicLong asked = new AtomicLong();
      Flux<Row> rows = orders(1_000).doOnNext(row -> asked.incrementAndGet());
      BatchPolicy policy = BatchPolicy.builder().maxSize(10).build();

      site.inTransaction(
          connection ->
              site.writer
                  .write(connection, rows, policy)
                  .doOnNext(
                      outcome ->
                          assertThat(asked.get())
                              .isLessThan(
                                  (int) Objects.requireNonNull(outcome.row().value("id")) + 60))
                  .count()
                  .flatMap(count -> commit(connection).thenReturn(count)));

      assertThat(site.count("orders")).isEqualTo(1_000);
    }
  }
}
