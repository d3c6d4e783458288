package io.batchflow.sql.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidSchemaException;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlPreview;
import io.batchflow.sql.SqlTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements for any names of tables and columns differ only in these names. */
@Tag("fuzz")
class NameFuzzTest {

  static final List<SqlDialect> DIALECTS =
      List.of(Dialects.postgres(), Dialects.mysql(), Dialects.h2(), Dialects.sqlite());

  static Stream<Arguments> names() {
    return Stream.of(
        Arguments.of("orders", "id", "note"),
        Arguments.of("a\"; DROP TABLE t; --", "b`; --", "c\" = 1 --"),
        Arguments.of("\"", "``", "\\"),
        Arguments.of("?", "$1", ";"),
        Arguments.of("a\nb", "'", "/*"),
        Arguments.of("\0", "a", "b"),
        Arguments.of("", "", ""));
  }

  @MethodSource("names")
  @FuzzTest
  void anyNamesAreQuotedOrRejected(
      @NotNull String table, @NotNull String key, @NotNull String other) {
    for (ConflictStrategy strategy : ConflictStrategy.values()) {
      Schema schema;
      try {
        schema = schema(strategy, table, key, other);
      } catch (InvalidSchemaException rejected) {
        assertThat(isNone(table) || isNone(key) || isNone(other) || key.equals(other)).isTrue();
        assertThat(rejected.table()).isEqualTo(table);
        continue;
      }
      assertThat(List.of(table, key, other)).noneMatch(NameFuzzTest::isNone);
      for (SqlDialect dialect : DIALECTS) {
        List<String> names = new ArrayList<>();
        String skeleton = skeleton(dialect, sql(dialect, schema), names);
        String plain =
            skeleton(dialect, sql(dialect, schema(strategy, "t", "k", "o")), new ArrayList<>());
        assertThat(skeleton).isEqualTo(plain);
        assertThat(names).isNotEmpty().isSubsetOf("s", table, key, other, table + "_key");
      }
    }
  }

  private static boolean isNone(String name) {
    return name.isEmpty() || name.indexOf('\0') >= 0;
  }

  private static Schema schema(ConflictStrategy strategy, String table, String key, String other) {
    Schema.Builder builder =
        Schema.tablePath(table).columns(key, other).conflictKey(key).onConflict(strategy);
    return (strategy == ConflictStrategy.FAIL
            ? builder
            : builder.conflictConstraint(table + "_key"))
        .build();
  }

  private static String sql(SqlDialect dialect, Schema schema) {
    // Not a lambda: its signature would load the record before Jazzer starts, and the JDK damages
    // records with type annotations when it transforms them again.
    List<CatalogRow> catalog = new ArrayList<>();
    for (String name : schema.columns()) {
      catalog.add(
          new CatalogRow(
              "s", true, schema.table(), name, "text", null, false, false, "", null, null));
    }
    return SqlPreview.of(
            dialect,
            SqlTable.resolve(schema, catalog),
            List.of(schema.row().set(0, "1").set(1, "2")),
            most -> most)
        .toString();
  }

  /**
   * The statement as a database reads it: a hash sign replaces each quoted name or text, and names
   * are collected.
   */
  private static String skeleton(SqlDialect dialect, String sql, List<String> names) {
    char nameQuote = dialect.quote("x").charAt(0);
    StringBuilder skeleton = new StringBuilder();
    int at = 0;
    while (at < sql.length()) {
      boolean escaped = sql.startsWith("U&" + nameQuote, at) || sql.startsWith("U&'", at);
      char quote = sql.charAt(escaped ? at + 2 : at);
      if (quote != nameQuote && quote != '\'') {
        skeleton.append(sql.charAt(at++));
        continue;
      }
      StringBuilder name = new StringBuilder();
      at += escaped ? 3 : 1;
      while (sql.charAt(at) != quote || sql.startsWith("" + quote + quote, at)) {
        name.append(sql.charAt(at));
        at += sql.charAt(at) == quote ? 2 : 1;
      }
      at++;
      skeleton.append('#');
      if (quote == nameQuote) {
        names.add(escaped ? unescaped(name.toString()) : name.toString());
      }
    }
    return skeleton.toString().replaceAll("0x[0-9a-f]+", "#"); // a text as bytes
  }

  /** The form of H2 for text that would split a statement. */
  private static String unescaped(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) != '\\') {
        text.append(name.charAt(i));
      } else if (name.charAt(i + 1) == '\\') {
        text.append(name.charAt(++i));
      } else {
        text.append((char) Integer.parseInt(name.substring(i + 1, i + 5), 16));
        i += 4;
      }
    }
    return text.toString();
  }
}
