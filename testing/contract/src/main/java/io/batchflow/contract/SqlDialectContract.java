package io.batchflow.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.batchflow.AbsentStrategy;
import io.batchflow.BackendError;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.RowAbsentException;
import io.batchflow.Schema;
import io.batchflow.unit.Unit;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractComparableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * The contract of {@code io.batchflow.sql.SqlDialect} as tests on a real database. They compare the
 * table after a batch with a simple model of the conflict strategy. Extend it and implement how to
 * open an empty database.
 */
public abstract class SqlDialectContract extends ReturnedValuesContract {

  static Stream<Arguments> everyCase() {
    List<Schema> schemas =
        List.of(
            items(ConflictStrategy.UPDATE).build(),
            items(ConflictStrategy.UPDATE).updateColumns("amount").build(),
            items(ConflictStrategy.REPLACE).build(),
            items(ConflictStrategy.IGNORE).build(),
            Schema.table("items")
                .columns(TableModel.COLUMNS)
                .onConflict(ConflictStrategy.IGNORE)
                .build(),
            Schema.table("items").columns(TableModel.COLUMNS).build());
    return Stream.of(Scenario.values())
        .flatMap(
            scenario ->
                schemas.stream()
                    .filter(schema -> hasMeaning(scenario, schema))
                    .map(schema -> Arguments.of(scenario, schema)));
  }

  private static boolean hasMeaning(Scenario scenario, Schema schema) {
    boolean repeats = scenario.held > 0;
    return schema.onConflict() != ConflictStrategy.FAIL || !repeats;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("everyCase")
  void aBatchLeavesTheTableAsItsStrategySays(Scenario scenario, Schema schema) throws SQLException {
    TableModel model = new TableModel();
    Random random = new Random(SEED);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < scenario.written; i++) {
      rows.add(scenario.row(schema, i, random));
    }
    for (int i = 0; i < scenario.held; i++) {
      // The table holds every second row of the batch, or every row if the batch is not longer.
      int id = i * scenario.written / Math.max(scenario.held, 1);
      run(TableModel.insertOf(Scenario.region(id), id));
      model.hold(Scenario.region(id), id);
    }

    database().writer().write(Batch.of(rows)).block(PATIENCE);

    rows.forEach(model::write);
    assertThat(sorted(read("SELECT * FROM items"))).isEqualTo(sorted(model.rows()));
  }

  /** Every third row deletes a key, and some keys occur several times. */
  @ParameterizedTest
  @EnumSource(names = {"UPDATE", "REPLACE"})
  void aBatchWithDeletesLeavesWhatItsRowsLeaveOneByOne(ConflictStrategy strategy)
      throws SQLException {
    Schema schema = items(strategy).build();
    BatchWriter writer = database().writer();
    assumeTrue(writer.supportsDeletes(schema));
    TableModel model = new TableModel();
    for (int id = 0; id < 40; id += 2) {
      run(TableModel.insertOf(Scenario.region(id), id));
      model.hold(Scenario.region(id), id);
    }
    writer.lookUp(schema).block(PATIENCE);
    Random random = new Random(SEED);
    for (int size : new int[] {1, 10, 100, 3_000}) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int id = random.nextInt(2 * size);
        rows.add(
            random.nextInt(3) == 0
                ? schema.delete().set("region", Scenario.region(id)).set("id", (long) id)
                : Scenario.UNSET_COLUMNS.row(schema, id, random));
      }
      writer.write(Batch.of(rows, rule(schema))).block(PATIENCE);
      rows.forEach(model::write);
      assertThat(sorted(read("SELECT * FROM items"))).isEqualTo(sorted(model.rows()));
    }
  }

  /** Half of the keys are there. A row sets some columns, or its key alone. */
  @ParameterizedTest
  @EnumSource(names = {"REJECT", "IGNORE"})
  void aBatchThatOnlyUpdatesLeavesWhatItsRowsLeaveOneByOne(AbsentStrategy strategy)
      throws SQLException {
    Schema schema = items(ConflictStrategy.UPDATE).onAbsent(strategy).build();
    BatchWriter writer = database().writer();
    assumeTrue(writer.supportsUpdateOnly(schema));
    TableModel model = new TableModel();
    for (int id = 0; id < 400; id += 2) {
      run(TableModel.insertOf(Scenario.region(id), id));
      model.hold(Scenario.region(id), id);
    }
    writer.lookUp(schema).block(PATIENCE);
    Random random = new Random(SEED);
    for (int size : new int[] {1, 10, 100, 2_000}) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        rows.add(Scenario.UNSET_COLUMNS.row(schema, random.nextInt(400), random));
      }
      Batch batch = Batch.of(rows, rule(schema));
      BatchResult result = Objects.requireNonNull(writer.write(batch).block(PATIENCE));
      rows.forEach(model::write);
      assertThat(sorted(read("SELECT * FROM items"))).isEqualTo(sorted(model.rows()));
      Map<Integer, Throwable> rejected = result.rejected();
      if (strategy == AbsentStrategy.IGNORE) {
        assertThat(rejected).isEmpty();
      } else {
        assertThat(rejected).allSatisfy(this::isAbsent);
        IntStream.range(0, batch.size())
            .forEach(
                index ->
                    assertThat(rejected.containsKey(index))
                        .isNotEqualTo(model.holds(batch.rows().get(index))));
      }
    }
  }

  private void isAbsent(int index, Throwable reason) {
    assertThat(reason).isInstanceOf(RowAbsentException.class);
  }

  /** Each unit has rows of two tables, and some keys occur in several units or twice in one. */
  @ParameterizedTest
  @EnumSource(names = {"IGNORE", "UPDATE", "REPLACE"})
  void unitsLeaveWhatTheirRowsLeaveOneByOne(ConflictStrategy strategy) throws SQLException {
    Schema schema = items(strategy).build();
    BatchWriter writer = database().writer();
    assumeTrue(writer.supportsUnits());
    TableModel model = new TableModel();
    Random random = new Random(SEED);
    long stored = 0;
    for (int size : new int[] {1, 10, 100}) {
      List<Row> units = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        List<Row> rows = new ArrayList<>();
        for (int row = random.nextInt(1, 6); row > 0; row--) {
          rows.add(
              random.nextBoolean()
                  ? goodRow(stored++)
                  : unitRow(schema, random.nextInt(size + 5), random));
        }
        units.add(Unit.of(rows));
      }
      writer.write(Batch.of(units)).block(PATIENCE);
      units.forEach(
          unit ->
              Unit.rows(unit).stream()
                  .filter(row -> row.schema().table().equals(schema.table()))
                  .forEach(model::write));
      assertThat(sorted(read("SELECT * FROM items"))).isEqualTo(sorted(model.rows()));
      assertThat(storedRows()).isEqualTo(stored);
    }
  }

  /** Some rows delete their key, and some only update, where the writer supports that. */
  private Row unitRow(Schema schema, int id, Random random) {
    BatchWriter writer = database().writer();
    int kind = random.nextInt(4);
    if (kind == 0 && schema.allowsDeletes() && writer.supportsDeletes(schema)) {
      return schema.delete().set("region", Scenario.region(id)).set("id", (long) id);
    }
    Schema updating = items(ConflictStrategy.UPDATE).onAbsent(AbsentStrategy.IGNORE).build();
    boolean updates = kind == 1 && writer.supportsUpdateOnly(updating);
    return Scenario.UNSET_COLUMNS.row(updates ? updating : schema, id, random);
  }

  @Test
  void aPlainInsertOfAnExistingKeyIsADataFailureAndADuplicate() {
    Mono<?> write = database().writer().write(Batch.of(List.of(goodRow(1))));
    write.block(PATIENCE);
    Throwable failure =
        write.then(Mono.<Throwable>empty()).onErrorResume(Mono::just).block(PATIENCE);
    kindOf(failure).isEqualTo(FailureKind.DATA);
    BackendError said =
        database().writer().backendError(Objects.requireNonNull(failure, "failure"));
    assertThat(said).isNotNull();
    assertThat(Objects.requireNonNull(said).duplicateKey()).isTrue();
  }

  private AbstractComparableAssert<?, FailureKind> kindOf(@Nullable Throwable failure) {
    FailureClassifier classifier = database().writer().failureClassifier();
    return assertThat(classifier.classify(Objects.requireNonNull(failure, "failure")));
  }

  @Test
  void aMissingTableOrColumnIsUnusableAndNamed() {
    Schema table = Schema.table("nowhere").columns("id").build();
    Schema column = Schema.table("contract_rows").columns("id", "nothing").build();
    for (Row row : List.of(table.row().set("id", 1L), column.row().set("id", 1L))) {
      Throwable failure =
          database()
              .writer()
              .write(Batch.of(List.of(row)))
              .then(Mono.<Throwable>empty())
              .onErrorResume(Mono::just)
              .block(PATIENCE);
      kindOf(failure).isEqualTo(FailureKind.UNUSABLE);
      assertThat(failure).hasMessageMatching(".*(nowhere|nothing).*");
    }
  }
}
