package io.batchflow.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.batchflow.Batch;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.unit.Unit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
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
public abstract class SqlDialectContract extends BatchWriterContract {

  private static final long SEED = 42;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Schema ROWS =
      Schema.table("contract_rows").columns("id", "v").conflictKey("id").build();

  private static final Schema REPLACED =
      Schema.table("contract_rows")
          .columns("id", "v")
          .conflictKey("id")
          .onConflict(ConflictStrategy.REPLACE)
          .build();

  private @Nullable SqlTestDatabase database;

  /** Opens an empty database of its own, with a writer to it. */
  protected abstract SqlTestDatabase openDatabase() throws Exception;

  @Override
  protected final BatchWriter open() throws Exception {
    SqlTestDatabase opened = openDatabase();
    database = opened;
    run("CREATE TABLE contract_rows (id BIGINT PRIMARY KEY, v VARCHAR(20) NOT NULL)");
    run(TableModel.DDL);
    return opened.writer();
  }

  @Override
  protected final Row goodRow(long id) {
    return ROWS.row().set("id", id).set("v", "v" + id);
  }

  @Override
  protected final Row badRow(long id) {
    return ROWS.row().set("id", id).set("v", null);
  }

  @Override
  protected final Row replacingRow(long id) {
    return REPLACED.row().set("id", id).set("v", "v" + id);
  }

  @Override
  protected final long storedRows() throws SQLException {
    return (long) read("SELECT COUNT(*) FROM contract_rows").get(0).get(0);
  }

  @Override
  protected final void cleanUp() throws Exception {
    database().close();
  }

  private SqlTestDatabase database() {
    return Objects.requireNonNull(database, "database");
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = database().connection().createStatement()) {
      statement.execute(sql);
    }
  }

  private List<List<@Nullable Object>> read(String query) throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (Statement statement = database().connection().createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          Object value = result.getObject(i);
          row.add(value instanceof Number number ? Long.valueOf(number.longValue()) : value);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static Schema.Builder items(ConflictStrategy strategy) {
    return Schema.table("items")
        .columns(TableModel.COLUMNS)
        .conflictKey("region", "id")
        .onConflict(strategy);
  }

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
    KeyEquality rule = writer.keyEquality(schema);
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
      writer.write(Batch.of(rows, rule == null ? KeyEquality.byBackend() : rule)).block(PATIENCE);
      rows.forEach(model::write);
      assertThat(sorted(read("SELECT * FROM items"))).isEqualTo(sorted(model.rows()));
    }
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
          boolean first = random.nextBoolean();
          rows.add(
              first
                  ? goodRow(stored++)
                  : Scenario.UNSET_COLUMNS.row(schema, random.nextInt(size + 5), random));
        }
        units.add(Unit.of(rows));
      }
      writer.write(Batch.of(units)).block(PATIENCE);
      units.forEach(
          unit ->
              Unit.rows(unit).stream()
                  .filter(row -> row.schema().equals(schema))
                  .forEach(model::write));
      assertThat(sorted(read("SELECT * FROM items"))).isEqualTo(sorted(model.rows()));
      assertThat(storedRows()).isEqualTo(stored);
    }
  }

  private static List<String> sorted(List<List<@Nullable Object>> rows) {
    return rows.stream().map(String::valueOf).sorted().toList();
  }

  @Test
  void aPlainInsertOfAnExistingKeyIsADataFailure() {
    Mono<?> write = database().writer().write(Batch.of(List.of(goodRow(1))));
    write.block(PATIENCE);
    write
        .then(Mono.<Throwable>empty())
        .onErrorResume(Mono::just)
        .as(failure -> kindOf(failure.block(PATIENCE)))
        .isEqualTo(FailureKind.DATA);
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
