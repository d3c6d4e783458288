package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Request;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConflictStrategyTest {

  private static final long SEED = 42;

  private final Path directory;

  ConflictStrategyTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** What the table holds and what the batch brings. */
  enum Scenario {
    ONE_FRESH_ROW(0, 1),
    ONE_DUPLICATE(1, 1),
    FRESH_ROWS(0, 1_000),
    ALL_DUPLICATES(1_000, 1_000),
    HALF_DUPLICATES(500, 1_000),
    NULLS_IN_KEYS(20, 60),
    NULLS_IN_VALUES(20, 60),
    UNSET_COLUMNS(150, 300),
    KEYS_ALONE(20, 60),
    MORE_THAN_A_STATEMENT_CARRIES(5, 25_000);

    private final int held;
    private final int written;

    Scenario(int held, int written) {
      this.held = held;
      this.written = written;
    }

    Request row(Schema schema, int i, Random random) {
      return switch (this) {
        case NULLS_IN_KEYS -> withNullsInKey(schema, i);
        case NULLS_IN_VALUES -> withNulls(schema, i, random);
        case UNSET_COLUMNS -> withUnsetColumns(schema, i, random);
        case KEYS_ALONE -> keyOnly(schema, i);
        default -> full(schema, i);
      };
    }

    static String region(int i) {
      return "r" + i % 3;
    }

    private static Request keyOnly(Schema schema, int i) {
      return schema.request().set("region", region(i)).set("id", (long) i);
    }

    private static Request full(Schema schema, int i) {
      return keyOnly(schema, i)
          .set("name", "it's " + i)
          .set("amount", (long) i)
          .set("note", "ñ " + i);
    }

    private static Request withNullsInKey(Schema schema, int i) {
      Request row = full(schema, i);
      return switch (i % 4) {
        case 0 -> row.set("region", null);
        case 1 -> row.set("id", null);
        case 2 -> row.set("region", null).set("id", null);
        default -> row;
      };
    }

    private static Request withNulls(Schema schema, int i, Random random) {
      Request row = full(schema, i);
      for (String column : List.of("name", "amount", "note")) {
        if (random.nextBoolean()) {
          row.set(column, null);
        }
      }
      return row;
    }

    private static Request withUnsetColumns(Schema schema, int i, Random random) {
      Request row = keyOnly(schema, i);
      if (random.nextBoolean()) {
        row.set("name", "name " + i);
      }
      if (random.nextBoolean()) {
        row.set("amount", (long) i);
      }
      if (random.nextBoolean()) {
        row.set("note", random.nextBoolean() ? "note " + i : null);
      }
      return row;
    }
  }

  private static Schema.Builder items() {
    return Schema.table("items").columns(TableModel.COLUMNS);
  }

  static Stream<Arguments> everyCase() {
    Schema update = items().conflictKey("region", "id").onConflict(ConflictStrategy.UPDATE).build();
    Schema partialUpdate =
        items()
            .conflictKey("region", "id")
            .onConflict(ConflictStrategy.UPDATE)
            .updateColumns("amount")
            .build();
    Schema replace =
        items().conflictKey("region", "id").onConflict(ConflictStrategy.REPLACE).build();
    Schema ignore = items().conflictKey("region", "id").onConflict(ConflictStrategy.IGNORE).build();
    Schema ignoreAny = items().onConflict(ConflictStrategy.IGNORE).build();
    Schema fail = items().build();
    return Stream.of(Backend.Kind.values())
        .flatMap(
            kind ->
                Stream.of(Scenario.values())
                    .flatMap(
                        scenario ->
                            Stream.of(update, partialUpdate, replace, ignore, ignoreAny, fail)
                                .filter(
                                    schema ->
                                        schema.onConflict() != ConflictStrategy.FAIL
                                            || scenario.held == 0)
                                .map(schema -> Arguments.of(kind, scenario, schema))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("everyCase")
  void aBatchLeavesTheTableAsItsStrategySays(Backend.Kind kind, Scenario scenario, Schema schema) {
    TableModel model = new TableModel();
    Random random = new Random(SEED);
    List<Request> batch = new ArrayList<>();
    for (int i = 0; i < scenario.written; i++) {
      batch.add(scenario.row(schema, i, random));
    }
    try (Backend backend = kind.open(directory)) {
      backend.run(TableModel.DDL);
      for (int i = 0; i < scenario.held; i++) {
        // Every second row of the batch where it is longer, every one where it is not.
        int id = i * scenario.written / Math.max(scenario.held, 1);
        backend.run(TableModel.insertOf(Scenario.region(id), id));
        model.hold(Scenario.region(id), id);
      }
      backend.write(batch);

      batch.forEach(model::write);
      assertThat(sorted(backend.read("SELECT * FROM items"))).isEqualTo(sorted(model.rows()));
    }
  }

  private static List<String> sorted(List<List<@Nullable Object>> rows) {
    return rows.stream().map(String::valueOf).sorted().toList();
  }

  @ParameterizedTest
  @EnumSource(Backend.Kind.class)
  void ignoreWithoutAKeyKeepsTheFirstOfTheRowsThatConflictWithinABatch(Backend.Kind kind) {
    Schema schema =
        Schema.table("pairs").columns("a", "b", "c").onConflict(ConflictStrategy.IGNORE).build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE pairs (a INTEGER UNIQUE, b INTEGER UNIQUE, c INTEGER)");
      backend.write(
          schema.request().set("a", 1).set("b", 1).set("c", 1),
          schema.request().set("a", 1).set("b", 2).set("c", 2),
          schema.request().set("a", 2).set("b", 2).set("c", 3),
          schema.request().set("a", null).set("b", null).set("c", 4),
          schema.request().set("a", null).set("b", null).set("c", 5));
      assertThat(backend.read("SELECT c FROM pairs ORDER BY c"))
          .containsExactly(List.of(1L), List.of(3L), List.of(4L), List.of(5L));
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.Kind.class)
  void aRowThatGivesWayKeepsWhatTheDatabaseGenerates(Backend.Kind kind) {
    Schema schema =
        Schema.table("people")
            .columns("email", "age")
            .conflictKey("email")
            .onConflict(ConflictStrategy.REPLACE)
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE people (id "
              + kind.rowId()
              + " PRIMARY KEY, email VARCHAR(40) UNIQUE, age INTEGER,"
              + " next_age INTEGER GENERATED ALWAYS AS (age + 1), seen VARCHAR(10) DEFAULT 'no')",
          "INSERT INTO people (id, email, age, seen) VALUES (7, 'a', 30, 'yes')");
      backend.write(schema.request().set("email", "a").set("age", 31));
      assertThat(backend.read("SELECT id, email, age, next_age, seen FROM people"))
          .containsExactly(List.of(7L, "a", 31L, 32L, "no"));
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.Kind.class)
  void replaceHarmsNoRowThatConflictsByAnotherKey(Backend.Kind kind) {
    Schema schema =
        Schema.table("people")
            .columns("id", "email")
            .conflictKey("id")
            .onConflict(ConflictStrategy.REPLACE)
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(40) UNIQUE)",
          "INSERT INTO people VALUES (1, 'a')");
      assertThat(backend.kindOf(schema.request().set("id", 2).set("email", "a")))
          .isEqualTo(FailureKind.DATA);
      assertThat(backend.read("SELECT * FROM people")).containsExactly(List.of(1L, "a"));
    }
  }
}
