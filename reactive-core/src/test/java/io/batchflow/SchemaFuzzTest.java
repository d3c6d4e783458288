package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A row finds its columns by any names, or the Schema is rejected. */
@Tag("fuzz")
class SchemaFuzzTest {

  static Stream<Arguments> names() {
    return Stream.of(
        Arguments.of("sales.orders", List.of("id", "note"), List.of("id"), true),
        Arguments.of("a..b", List.of("id"), List.of("id"), true),
        Arguments.of("t", List.of("id", "ID", "İd"), List.of("id"), true),
        Arguments.of("t", List.of("id"), List.of(), false),
        Arguments.of("t", List.of("id", "id"), List.of(), false),
        Arguments.of("t", List.of("a\0"), List.of(), false),
        Arguments.of("t", List.of(), List.of("id"), false));
  }

  @MethodSource("names")
  @FuzzTest
  void anyNamesAreASchemaOrRejected(
      @NotNull String table,
      @NotNull List<@NotNull String> columns,
      @NotNull List<@NotNull String> key,
      boolean update) {
    try {
      Schema schema =
          Schema.table(table)
              .columns(columns)
              .conflictKey(key)
              .onConflict(update ? ConflictStrategy.UPDATE : ConflictStrategy.FAIL)
              .build();
      Row row = schema.row();
      columns.forEach(column -> row.set(column, column));
      assertThat(columns).allSatisfy(column -> assertThat(row.value(column)).isEqualTo(column));
      assertThat(schema.table()).isEqualTo(table);
      assertThat(columns).doesNotContain("").containsAll(key).doesNotHaveDuplicates();
      assertThat(schema.updateColumns()).noneMatch(key::contains);
    } catch (InvalidSchemaException rejected) {
      assertThat(rejected.table()).isEqualTo(table);
      assertThat(rejected).hasMessageStartingWith("Schema of table '" + table + "': ");
      assertThat(rejected).hasMessageEndingWith(".").hasNoCause();
    }
  }
}
