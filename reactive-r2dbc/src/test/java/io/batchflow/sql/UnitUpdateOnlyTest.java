package io.batchflow.sql;

import static io.batchflow.sql.Orders.item;
import static io.batchflow.sql.Orders.numbers;
import static io.batchflow.sql.Orders.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.AbsentStrategy;
import io.batchflow.BatchFlowException;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.RowAbsentException;
import io.batchflow.Schema;
import io.batchflow.unit.Unit;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows in units that update rows that exist, and insert none. */
@Tag("server")
class UnitUpdateOnlyTest {

  private final Path directory;

  UnitUpdateOnlyTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Row change(AbsentStrategy strategy, long order, long line, long amount) {
    Schema schema =
        Schema.table("unit_items")
            .columns("order_id", "line", "amount")
            .conflictKey("order_id", "line")
            .onConflict(ConflictStrategy.UPDATE)
            .onAbsent(strategy)
            .build();
    return schema.row().set("order_id", order).set("line", line).set("amount", amount);
  }

  private static Row delete(long order, long line) {
    return Orders.ITEMS.delete().set("order_id", order).set("line", line);
  }

  private static List<Outcome<Row>> submit(Backend backend, List<List<Row>> units) {
    return OneBatch.submit(backend, units.stream().map(Unit::of).toList());
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void anAbsentRowRejectsItsUnitAsAWholeAndNoOther(Backend.Kind kind) {
    try (Backend backend = Orders.open(kind, directory)) {
      backend.write(List.of(order(1)));
      backend.write(List.of(item(1, 1, 10), item(1, 2, 20)));
      List<Row> absent =
          List.of(
              order(3),
              item(3, 1, 1),
              change(AbsentStrategy.REJECT, 1, 1, 77),
              change(AbsentStrategy.REJECT, 3, 9, 78));

      List<Outcome<Row>> outcomes =
          submit(
              backend,
              List.of(
                  List.of(order(2), change(AbsentStrategy.REJECT, 1, 1, 11)),
                  absent,
                  List.of(order(4), change(AbsentStrategy.REJECT, 1, 2, 22))));

      assertThat(outcomes).extracting(Outcome::isWritten).containsExactly(true, false, true);
      BatchFlowException error = Objects.requireNonNull(outcomes.get(1).error());
      assertThat(error).isInstanceOf(RowAbsentException.class);
      assertThat(error.table()).isEqualTo("unit_items");
      assertThat(error.positionInUnit()).isEqualTo(3);
      assertThat(numbers(backend, "SELECT id FROM unit_orders ORDER BY id"))
          .containsExactly(1L, 2L, 4L);
      assertThat(numbers(backend, "SELECT amount FROM unit_items ORDER BY amount"))
          .containsExactly(11L, 22L);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void anAbsentRowIsIgnoredOnRequestAndItsUnitIsWritten(Backend.Kind kind) {
    try (Backend backend = Orders.open(kind, directory)) {
      List<Outcome<Row>> outcomes =
          submit(
              backend,
              List.of(List.of(order(1), change(AbsentStrategy.IGNORE, 1, 1, 5), item(1, 2, 6))));

      assertThat(outcomes).allMatch(Outcome::isWritten);
      assertThat(numbers(backend, "SELECT line FROM unit_items")).containsExactly(2L);
    }
  }

  /** A row exists for the rows after it, in its unit and in later units of the batch. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void rowsKeepTheirOrderInUnitsAndAcrossThem(Backend.Kind kind) {
    try (Backend backend = Orders.open(kind, directory)) {
      List<Outcome<Row>> outcomes =
          submit(
              backend,
              List.of(
                  List.of(order(1), item(1, 1, 1), change(AbsentStrategy.REJECT, 1, 1, 2)),
                  List.of(change(AbsentStrategy.REJECT, 1, 1, 3), item(1, 2, 5)),
                  List.of(delete(1, 1), change(AbsentStrategy.REJECT, 1, 1, 4)),
                  List.of(delete(1, 2), change(AbsentStrategy.IGNORE, 1, 2, 6))));

      assertThat(outcomes).extracting(Outcome::isWritten).containsExactly(true, true, false, true);
      assertThat(Objects.requireNonNull(outcomes.get(2).error()).positionInUnit()).isEqualTo(1);
      assertThat(numbers(backend, "SELECT line FROM unit_items")).containsExactly(1L);
      assertThat(numbers(backend, "SELECT amount FROM unit_items")).containsExactly(3L);
    }
  }
}
