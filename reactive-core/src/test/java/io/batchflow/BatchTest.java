package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchTest {

  private static Schema.Builder schema(ConflictStrategy strategy) {
    return Schema.table("t").columns("id", "a", "b").conflictKey("id").onConflict(strategy);
  }

  private static List<Row> rows(Schema schema, Long... ids) {
    return Arrays.stream(ids).map(id -> schema.row().set("id", id).set("a", "of " + id)).toList();
  }

  @Test
  void rowsAreSortedByKeyAndThoseOfOneKeyMerged() {
    Schema update = schema(ConflictStrategy.UPDATE).build();
    List<Row> rows = rows(update, 3L, 1L, 3L, null, 2L);
    rows.get(2).set("b", "late");

    Batch batch = Batch.of(rows);

    assertThat(batch.rows()).extracting(row -> row.value("id")).containsExactly(1L, 2L, 3L, null);
    assertThat(batch.rows().get(2).value("b")).isEqualTo("late");
  }

  @Test
  void rowsThatAPartialIndexMayNotHoldAreNotMerged() {
    Schema partial = schema(ConflictStrategy.UPDATE).conflictWhere("a IS NULL").build();

    assertThat(Batch.of(rows(partial, 2L, 1L, 2L)).rows())
        .extracting(row -> row.value("id"))
        .containsExactly(1L, 2L, 2L);
  }

  @Test
  void whereTheBackendMayReplaceKeysNoRowsAreMerged() {
    Batch batch =
        Batch.of(rows(schema(ConflictStrategy.UPDATE).build(), 2L, 1L, 2L), KeyEquality.unknown());

    assertThat(batch.rows()).extracting(row -> row.value("id")).containsExactly(2L, 1L, 2L);
    assertThat(batch.isDistinct()).isFalse();
  }

  /** A rule by which the backend generates the key of a 0, and only it can compare texts. */
  private static KeyEquality counter() {
    return new KeyEquality() {
      @Override
      public @Nullable Object key(Row row) {
        Object id = row.value("id");
        return id instanceof String ? UNCERTAIN : Long.valueOf(0).equals(id) ? null : id;
      }

      @Override
      public boolean isExact() {
        return true;
      }
    };
  }

  @Test
  void aRowWhoseKeyIsGeneratedIsNotMergedBesideAKeyThatOnlyTheBackendCompares() {
    Schema update = schema(ConflictStrategy.UPDATE).build();
    List<Row> rows =
        Stream.of(0L, 7L, "7", 0L, 7L).map(id -> update.row().set("id", (Object) id)).toList();

    assertThat(Batch.of(rows, counter()).rows())
        .extracting(row -> row.value("id"))
        .containsExactly(7L, "7", 7L, 0L, 0L);
  }

  @Test
  void withoutAKeyRowsKeepTheirOrder() {
    Schema plain = Schema.table("t").columns("id", "a").build();
    List<Row> rows = LongStream.of(2, 1, 2).mapToObj(id -> plain.row().set("id", id)).toList();

    assertThat(Batch.of(rows).rows()).isEqualTo(rows);
  }

  @Test
  void thereIsNoBatchOfNothingOrOfSeveralTables() {
    Row one = Schema.table("one").columns("id").build().row().set("id", 1);
    Row other = Schema.table("other").columns("id").build().row().set("id", 1);

    assertThatThrownBy(() -> Batch.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Batch.of(List.of(one, other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'other'");
  }
}
