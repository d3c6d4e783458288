package io.batchflow.sql;

import static io.batchflow.sql.Orders.ITEMS;
import static io.batchflow.sql.Orders.ORDERS;
import static io.batchflow.sql.Orders.item;
import static io.batchflow.sql.Orders.numbers;
import static io.batchflow.sql.Orders.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.AbsentStrategy;
import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.RowAbsentException;
import io.batchflow.Schema;
import io.batchflow.unit.Unit;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** A batch of units has the effect of all its rows one after the other. */
@Tag("server")
class UnitOrderTest {

  private static final String AMOUNTS = "SELECT amount FROM unit_items ORDER BY order_id, line";

  private final Path directory;

  UnitOrderTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Row unit(Row... rows) {
    return Unit.of(List.of(rows));
  }

  private static Batch units(Row... units) {
    return new Batch(Unit.SCHEMA, List.of(units));
  }

  private static BadRowException bad(Backend backend, Batch units) {
    return (BadRowException)
        backend
            .writer()
            .write(units)
            .then(Mono.<Throwable>empty())
            .onErrorResume(Mono::just)
            .block();
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"H2_MEMORY", "POSTGRES", "POSTGRES_JDBC", "MARIADB", "SQLITE_FILE"})
  void theLastRowOfAKeyWinsAcrossUnitsAndWithinOne(Backend.Kind kind) {
    try (Backend backend = Orders.open(kind, directory)) {
      backend.write(
          units(
              unit(order(1), item(1, 1, 5), item(1, 2, 5)),
              unit(item(1, 1, 6), order(2), item(2, 1, 7)),
              unit(item(2, 1, 8), item(1, 2, 9), item(2, 1, 3))));

      assertThat(numbers(backend, AMOUNTS)).containsExactly(6L, 9L, 3L);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"H2_MEMORY", "POSTGRES", "MARIADB", "SQLITE_FILE"})
  void deletesKeepTheirPlace(Backend.Kind kind) {
    try (Backend backend = Orders.open(kind, directory)) {
      Row removed = ITEMS.delete().set("order_id", 1L).set("line", 1L);
      Row other = ITEMS.delete().set("order_id", 1L).set("line", 2L);
      backend.write(
          units(
              unit(order(1), item(1, 1, 5), item(1, 2, 5)),
              unit(removed, item(1, 3, 1)),
              unit(item(1, 1, 4), other)));

      assertThat(numbers(backend, AMOUNTS)).containsExactly(4L, 1L);
    }
  }

  /** Two schemas of one table: the rows keep their order although their statements differ. */
  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"H2_MEMORY", "POSTGRES", "MARIADB", "SQLITE_FILE"})
  void schemasOfOneTableKeepTheOrderOfTheirRows(Backend.Kind kind) {
    Schema once =
        Schema.table("unit_items")
            .columns("order_id", "line", "amount")
            .conflictKey("order_id", "line")
            .onConflict(ConflictStrategy.IGNORE)
            .build();
    Row ignored = once.row().set("order_id", 1L).set("line", 1L).set("amount", 2L);
    try (Backend backend = Orders.open(kind, directory)) {
      backend.write(
          units(
              unit(order(1), item(1, 1, 5), ignored, item(1, 2, 6)), unit(ignored, item(1, 2, 7))));

      assertThat(numbers(backend, AMOUNTS)).containsExactly(5L, 7L);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"POSTGRES", "SQLITE_FILE"})
  void anAbsentRowRejectsItsUnit(Backend.Kind kind) {
    Schema update =
        Schema.table("unit_items")
            .columns("order_id", "line", "amount")
            .conflictKey("order_id", "line")
            .onConflict(ConflictStrategy.UPDATE)
            .onAbsent(AbsentStrategy.REJECT)
            .build();
    Row absent = update.row().set("order_id", 1L).set("line", 9L).set("amount", 2L);
    try (Backend backend = Orders.open(kind, directory)) {
      BadRowException failure =
          bad(backend, units(unit(order(1), item(1, 1, 1)), unit(item(1, 2, 1), absent)));

      assertThat(failure.row()).isEqualTo(1);
      assertThat(failure.positionInUnit()).isEqualTo(1);
      assertThat(failure).hasCauseInstanceOf(RowAbsentException.class);
      assertThat(numbers(backend, AMOUNTS)).isEmpty();
    }
  }

  /** A rollback would leave the rows of that table, so no row of it is written. */
  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"MARIADB", "MARIADB_BY_MYSQL", "MARIADB_JDBC"})
  void aTableWithoutTransactionsTakesNoUnits(Backend.Kind kind) {
    Schema log = Schema.table("unit_log").columns("id").build();
    try (Backend backend = Orders.open(kind, directory)) {
      backend.run("CREATE TABLE unit_log (id BIGINT PRIMARY KEY) ENGINE=MyISAM");
      BatchResult result =
          backend.write(
              units(
                  unit(order(1), item(1, 1, 5)),
                  unit(order(2), log.row().set("id", 1L)),
                  unit(order(3))));

      assertThat(result.rejected()).containsOnlyKeys(1);
      assertThat((BadRowException) result.rejected().get(1))
          .satisfies(rejected -> assertThat(rejected.positionInUnit()).isEqualTo(1))
          .rootCause()
          .hasMessageContaining("'unit_log': its engine MyISAM has no transactions");
      assertThat(numbers(backend, "SELECT id FROM unit_orders")).containsExactly(1L, 3L);
      assertThat(numbers(backend, "SELECT id FROM unit_log")).isEmpty();
    }
  }

  /** The engine is changed after the writer has read the table. */
  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"MARIADB", "MARIADB_JDBC"})
  void aTableThatLosesItsTransactionsIsReported(Backend.Kind kind) {
    Schema log = Schema.table("unit_log").columns("id").build();
    try (Backend backend = Orders.open(kind, directory)) {
      backend.run("CREATE TABLE unit_log (id BIGINT PRIMARY KEY)");
      backend.write(units(unit(log.row().set("id", 1L), order(1))));
      backend.run("ALTER TABLE unit_log ENGINE=MyISAM");
      Throwable failure = backend.failureOf(unit(log.row().set("id", 2L), order(1)));

      assertThat(failure).hasMessageContaining("'unit_log'").hasMessageContaining("may be stored");
      assertThat(backend.writer().failureClassifier().classify(failure))
          .isEqualTo(FailureKind.UNKNOWN);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"H2_MEMORY", "H2_JDBC", "POSTGRES", "MARIADB", "MARIADB_JDBC", "SQLITE_FILE"})
  void aTableMayChangeBetweenTwoBatches(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE unit_orders (id BIGINT PRIMARY KEY, note VARCHAR(20))",
          "CREATE TABLE unit_items (order_id BIGINT NOT NULL, line BIGINT NOT NULL,"
              + " amount VARCHAR(20), PRIMARY KEY (order_id, line))");
      backend.write(units(unit(order(1), item(1, 1, 5)), unit(order(2), item(2, 1, 6))));
      backend.run(
          "DROP TABLE unit_items",
          "CREATE TABLE unit_items (amount BIGINT, line BIGINT NOT NULL, order_id BIGINT NOT NULL,"
              + " PRIMARY KEY (line, order_id))");
      backend.write(units(unit(order(3), item(3, 1, 7)), unit(order(4), item(4, 1, 8))));

      assertThat(numbers(backend, AMOUNTS)).containsExactly(7L, 8L);
    }
  }

  /** Deferred: the database complains at the commit, and names no row. */
  @Test
  void aDeferredConstraintRejectsAtTheCommit() {
    try (Backend backend = Backend.Kind.POSTGRES.open(directory)) {
      backend.run(
          "CREATE TABLE unit_orders (id BIGINT PRIMARY KEY, note VARCHAR(20))",
          "CREATE TABLE unit_items (order_id BIGINT REFERENCES unit_orders (id)"
              + " DEFERRABLE INITIALLY DEFERRED, line BIGINT, amount BIGINT,"
              + " PRIMARY KEY (order_id, line))");
      backend.write(units(unit(item(1, 1, 5), order(1))));
      FailureKind kind =
          backend
              .writer()
              .failureClassifier()
              .classify(backend.failureOf(unit(item(2, 1, 5), ORDERS.row().set("id", 3L))));

      assertThat(kind).isEqualTo(FailureKind.DATA);
      assertThat(numbers(backend, AMOUNTS)).containsExactly(5L);
    }
  }
}
