package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.internal.key.ByValue;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What a batch leaves in a table equals what its rows leave one by one. */
class DeleteMergePropertyTest {

  /** What a row is made of; a column without a value stays unset. */
  record Step(boolean delete, long id, @Nullable String a, @Nullable String b) {

    Row of(Schema schema) {
      Row row = (delete ? schema.delete() : schema.row()).set("id", id);
      if (a != null && !delete) {
        row.set("a", a);
      }
      if (b != null && !delete) {
        row.set("b", b);
      }
      return row;
    }
  }

  /** Compares keys by their values, exactly or not. */
  private record Rule(boolean isExact) implements KeyEquality {

    @Override
    public @Nullable Object key(Row row) {
      return ByValue.INSTANCE.key(row);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> values = Arbitraries.of("x", "y", "z").injectNull(0.3);
    return Combinators.combine(
            Arbitraries.of(true, false), Arbitraries.longs().between(1, 4), values, values)
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(24);
  }

  @Property(tries = 2_000, seed = "20261127")
  void aBatchLeavesWhatItsRowsLeaveOneByOne(
      @ForAll("steps") List<Step> steps, @ForAll boolean exact, @ForAll boolean replaces) {
    Schema schema =
        Schema.table("t")
            .columns("id", "a", "b")
            .conflictKey("id")
            .onConflict(replaces ? ConflictStrategy.REPLACE : ConflictStrategy.UPDATE)
            .build();
    List<Row> rows = steps.stream().map(step -> step.of(schema)).toList();
    Batch batch = Batch.of(rows, new Rule(exact));

    Map<Object, Row> expected = after(rows.stream());
    assertThat(texts(after(batch.rows().stream()))).isEqualTo(texts(expected));
    if (exact) {
      // All deletes may come first: no row is deleted after it was stored.
      Stream<Row> deletesFirst =
          Stream.concat(
              batch.rows().stream().filter(Row::isDelete),
              batch.rows().stream().filter(row -> !row.isDelete()));
      assertThat(texts(after(deletesFirst))).isEqualTo(texts(expected));
      assertThat(batch.rows().stream().filter(row -> !row.isDelete()).map(row -> row.value("id")))
          .doesNotHaveDuplicates();
    }
    if (batch.isDistinct()) {
      assertThat(batch.rows().stream().map(row -> row.value("id"))).doesNotHaveDuplicates();
    }
  }

  /** Applies rows one by one to an empty table. */
  private static Map<Object, Row> after(Stream<Row> rows) {
    Map<Object, Row> table = new TreeMap<>();
    rows.forEach(
        row -> {
          Object key = Objects.requireNonNull(row.value("id"));
          if (row.isDelete()) {
            table.remove(key);
          } else {
            table.merge(key, row, Row::mergedWith);
          }
        });
    return table;
  }

  private static List<String> texts(Map<Object, Row> table) {
    return table.values().stream()
        .map(row -> row.value("id") + " " + row.isSet(1) + row.value("a") + row.value("b"))
        .toList();
  }
}
