package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BatchTest {

  private static Schema.Builder schema(ConflictStrategy strategy) {
    return Schema.table("t").columns("id", "a", "b").conflictKey("id").onConflict(strategy);
  }

  private static List<Request> rows(Schema schema, Long... ids) {
    return Arrays.stream(ids)
        .map(id -> schema.request().set("id", id).set("a", "of " + id))
        .toList();
  }

  @Test
  void rowsAreSortedByKeyAndThoseOfOneKeyMerged() {
    Schema update = schema(ConflictStrategy.UPDATE).build();
    List<Request> rows = rows(update, 3L, 1L, 3L, null, 2L);
    rows.get(2).set("b", "late");

    Batch batch = Batch.of(rows);

    assertThat(batch.requests())
        .extracting(row -> row.value("id"))
        .containsExactly(1L, 2L, 3L, null);
    assertThat(batch.requests().get(2).value("b")).isEqualTo("late");
  }

  @Test
  void rowsThatAPartialIndexMayNotHoldAreNotMerged() {
    Schema partial = schema(ConflictStrategy.UPDATE).conflictWhere("a IS NULL").build();

    assertThat(Batch.of(rows(partial, 2L, 1L, 2L)).requests())
        .extracting(row -> row.value("id"))
        .containsExactly(1L, 2L, 2L);
  }

  @Test
  void withoutAKeyRowsKeepTheirOrder() {
    Schema plain = Schema.table("t").columns("id", "a").build();
    List<Request> rows =
        LongStream.of(2, 1, 2).mapToObj(id -> plain.request().set("id", id)).toList();

    assertThat(Batch.of(rows).requests()).isEqualTo(rows);
  }

  @Test
  void thereIsNoBatchOfNothingOrOfSeveralTables() {
    Request one = Schema.table("one").columns("id").build().request().set("id", 1);
    Request other = Schema.table("other").columns("id").build().request().set("id", 1);

    assertThatThrownBy(() -> Batch.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Batch.of(List.of(one, other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'other'");
  }
}
