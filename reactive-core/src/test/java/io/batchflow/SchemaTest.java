package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaTest {

  private static Arguments bad(String problem, UnaryOperator<Schema.Builder> options) {
    return Arguments.of(problem, options);
  }

  static Stream<Arguments> impossibleSchemas() {
    return Stream.of(
        bad("no columns", schema -> schema),
        bad("column 'id' occurs twice in columns", schema -> schema.columns("id", "id")),
        bad("a column's name is empty", schema -> schema.columns("id", "")),
        bad(
            "column 'key' of conflictKey is not among its columns",
            schema -> schema.columns("id").conflictKey("key")),
        bad(
            "UPDATE needs a conflict key",
            schema -> schema.columns("id").onConflict(ConflictStrategy.UPDATE)),
        bad(
            "REPLACE needs a conflict key",
            schema -> schema.columns("id").onConflict(ConflictStrategy.REPLACE)),
        bad(
            "column 'x' of required is not among its columns",
            schema -> schema.columns("id").required("x")),
        bad(
            "updateColumns are given but the strategy is FAIL",
            schema -> schema.columns("id", "a").updateColumns("a")),
        bad(
            "need a conflictKey and a strategy other than FAIL",
            schema -> schema.columns("id").conflictKey("id").conflictWhere("id > 0")),
        bad(
            "need a conflictKey and a strategy other than FAIL",
            schema ->
                schema
                    .columns("id")
                    .onConflict(ConflictStrategy.IGNORE)
                    .conflictConstraint("orders_pkey")),
        bad("exclude each other", schema -> ignored(schema, "id > 0", "orders_pkey")),
        bad("conflictWhere is blank", schema -> ignored(schema, " ", null)),
        bad("conflictConstraint is empty", schema -> ignored(schema, null, "")),
        bad(
            "both in the conflict key and in updateColumns",
            schema ->
                schema
                    .columns("id", "a")
                    .conflictKey("id")
                    .onConflict(ConflictStrategy.UPDATE)
                    .updateColumns("id")));
  }

  private static Schema.Builder ignored(
      Schema.Builder schema, @Nullable String where, @Nullable String constraint) {
    return schema
        .columns("id")
        .conflictKey("id")
        .onConflict(ConflictStrategy.IGNORE)
        .conflictWhere(where)
        .conflictConstraint(constraint);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("impossibleSchemas")
  void impossibleSchemasAreRejectedWithTableProblemAndRemedy(
      String problem, UnaryOperator<Schema.Builder> options) {
    Schema.Builder builder = options.apply(Schema.table("orders"));

    assertThatThrownBy(builder::build)
        .isInstanceOfSatisfying(
            InvalidSchemaException.class, e -> assertThat(e.table()).isEqualTo("orders"))
        .hasMessageContaining("'orders'")
        .hasMessageContaining(problem)
        .hasMessageMatching(".*\\. [A-Z].*\\.");
  }

  @Test
  void anEmptyPartOfTheTablesNameIsRejected() {
    assertThatThrownBy(() -> Schema.table("sales.").columns("id").build())
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessageContaining("part of the table's name is empty");
  }

  @Test
  void aNameWithANulIsRejectedAsDriversEndAStatementThere() {
    assertThatThrownBy(() -> Schema.tablePath("a\0b").columns("id").build())
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessageContaining("part of the table's name contains a NUL");
    assertThatThrownBy(() -> Schema.table("t").columns("id\0").build())
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessageContaining("a column's name contains a NUL");
  }

  @Test
  void dotsSeparateQualifiersUnlessThePathIsGiven() {
    assertThat(Schema.table("sales.orders").columns("id").build().tablePath())
        .containsExactly("sales", "orders");
    assertThat(Schema.tablePath("sales", "or.ders").columns("id").build().tablePath())
        .containsExactly("sales", "or.ders");
  }

  @Test
  void updateColumnsDefaultToAllOutsideTheKey() {
    Schema schema =
        Schema.table("orders")
            .columns("id", "a", "b")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();

    assertThat(schema.updateColumns()).containsExactly("a", "b");
    assertThat(schema.requiredColumns()).containsExactly("id");
  }

  @Test
  void schemasThatSayTheSameAreEqual() {
    Schema one = Schema.table("t").columns("id", "a").conflictKey("id").build();
    Schema same = Schema.table("t").columns("id", "a").conflictKey("id").build();
    Schema other = Schema.table("t").columns("id", "a").build();

    assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
  }
}
