package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.contract.TableModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Several batches of random rows, one after the other. Some rows delete their keys. The result
 * equals the plain model of their strategy. A failure prints its seed and the smallest failing
 * rows.
 */
@Tag("server")
class StrategyPropertyTest {

  private static final Object UNSET = new Object();

  /** Values of the five columns, some of which are unset. */
  record RandomRow(List<Object> values, boolean delete) {

    Row toRow(Schema schema) {
      if (delete && schema.allowsDeletes() && !values.subList(0, 2).contains(NULL)) {
        return schema.delete().set(0, values.get(0)).set(1, values.get(1));
      }
      Row row = schema.row();
      for (int i = 0; i < values.size(); i++) {
        Object value = values.get(i);
        if (value != UNSET) {
          row.set(i, value == NULL ? null : value);
        }
      }
      return row;
    }
  }

  private static final Object NULL = new Object();

  /** Few keys, so that rows have the same key, and nulls among them. */
  private static Arbitrary<RandomRow> row() {
    return Combinators.combine(
            Arbitraries.of((Object) "a", "b", NULL),
            Arbitraries.of((Object) 1L, 2L, 3L, 4L, NULL),
            optional(Arbitraries.strings().ofMaxLength(20).excludeChars('\0')),
            optional(Arbitraries.integers().map(Integer::longValue)),
            optional(Arbitraries.of("", "é", "\uD83D\uDE00", "'\"\\", "NULL")),
            Arbitraries.of(true, false, false))
        .as(
            (region, id, name, amount, note, delete) ->
                new RandomRow(List.of(region, id, name, amount, note), delete));
  }

  private static Arbitrary<Object> optional(Arbitrary<?> values) {
    return Arbitraries.oneOf(
        values.map(Object.class::cast), Arbitraries.just(NULL), Arbitraries.just(UNSET));
  }

  @Provide
  Arbitrary<List<List<RandomRow>>> batches() {
    return row().list().ofMinSize(1).ofMaxSize(40).list().ofMinSize(1).ofMaxSize(4);
  }

  @Provide
  Arbitrary<Backend.Kind> kinds() {
    return Arbitraries.of(Backend.kinds().toList());
  }

  @Provide
  Arbitrary<Schema> schemas() {
    Schema.Builder partial = items(ConflictStrategy.UPDATE).updateColumns("amount", "note");
    return Arbitraries.of(
        items(ConflictStrategy.IGNORE).build(),
        items(ConflictStrategy.REPLACE).build(),
        items(ConflictStrategy.UPDATE).build(),
        partial.build());
  }

  private static Schema.Builder items(ConflictStrategy strategy) {
    return Schema.table("items")
        .columns(TableModel.COLUMNS)
        .conflictKey("region", "id")
        .onConflict(strategy);
  }

  @Property(tries = 100, seed = "20261121", shrinking = ShrinkingMode.BOUNDED)
  void batchesLeaveTheTableAsTheirStrategySays(
      @ForAll("kinds") Backend.Kind kind,
      @ForAll("schemas") Schema schema,
      @ForAll("batches") List<List<RandomRow>> batches)
      throws IOException {
    Path directory = Files.createTempDirectory("property");
    TableModel model = new TableModel();
    try (Backend backend = kind.open(directory)) {
      backend.run(TableModel.DDL);
      for (List<RandomRow> batch : batches) {
        List<Row> rows = batch.stream().map(row -> row.toRow(schema)).toList();
        backend.write(Batch.of(rows));
        rows.forEach(model::write);
      }
      assertThat(sorted(backend.read("SELECT * FROM items"))).isEqualTo(sorted(model.rows()));
    } finally {
      delete(directory);
    }
  }

  private static List<String> sorted(List<List<@Nullable Object>> rows) {
    return rows.stream().map(String::valueOf).sorted().toList();
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
