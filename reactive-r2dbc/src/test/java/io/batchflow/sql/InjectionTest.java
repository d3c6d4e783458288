package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The content of a name or a value never becomes SQL. */
@Tag("server")
class InjectionTest {

  private static final List<String> HOSTILE =
      List.of(
          "'; DROP TABLE victims; --",
          "\"; DROP TABLE victims; --",
          "`; DROP TABLE victims; --",
          "]; DROP TABLE victims; --",
          "'); DROP TABLE victims; --",
          "\"); DROP TABLE victims; --",
          "`); DROP TABLE victims; --",
          "x' OR '1'='1",
          "x\" OR \"1\"=\"1",
          "x` OR `1`=`1",
          "x') OR ('1'='1",
          "1 OR 1=1",
          "1; DELETE FROM victims",
          "' UNION SELECT name FROM victims --",
          "\" UNION SELECT name FROM victims --",
          "'/**/OR/**/1=1--",
          "/* */ DELETE FROM victims /* */",
          "--",
          "#",
          "-- \n DELETE FROM victims",
          "\\'; DELETE FROM victims; --",
          "\\\"; DELETE FROM victims; --",
          "\\`; DELETE FROM victims; --",
          "\\",
          "\\\\",
          "''",
          "\"\"",
          "``",
          "'''",
          "\"\"\"",
          "```",
          "$1",
          "$2",
          "?",
          "??",
          ":id",
          ":1",
          "%s",
          "%n%x",
          "${jndi:ldap://x}",
          "#{7*7}",
          "{1,2}",
          "},{",
          "{\"a\":1}",
          "\",\"",
          "NULL",
          "DEFAULT",
          "CURRENT_USER",
          "$$; DROP TABLE victims; $$",
          "$tag$; DROP TABLE victims; $tag$",
          "E'\\x27'; DROP TABLE victims; --",
          "U&\"\\0027\"",
          "CHAR(39)",
          "0x27",
          "\t\n\r",
          "' || (SELECT name FROM victims) || '",
          "' + (SELECT name FROM victims) + '",
          "pg_sleep(10)",
          "'; SELECT pg_sleep(10); --",
          "SLEEP(10)",
          "\u02BC; DROP TABLE victims; --",
          "\uFF07; DROP TABLE victims; --",
          "a.b.c",
          "é'\u8868\\'");

  private final Path directory;

  InjectionTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static String quoted(String name) {
    String quote = "\"";
    return quote + name.replace(quote, quote + quote) + quote;
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void hostileValuesAreStoredAsTheyAre(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE victims (name VARCHAR(99))",
          "INSERT INTO victims VALUES ('kept')",
          "CREATE TABLE texts (id VARCHAR(99) PRIMARY KEY, v VARCHAR(99))");
      for (ConflictStrategy strategy : ConflictStrategy.values()) {
        backend.run("DELETE FROM texts");
        Schema schema =
            Schema.table("texts").columns("id", "v").conflictKey("id").onConflict(strategy).build();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < HOSTILE.size(); i++) {
          rows.add(schema.row().set("id", i + HOSTILE.get(i)).set("v", HOSTILE.get(i)));
        }
        backend.write(rows);
        assertThat(backend.read("SELECT v FROM texts"))
            .extracting(row -> row.get(0))
            .containsExactlyInAnyOrderElementsOf(HOSTILE);
        assertThat(backend.preview(rows).toString()).doesNotContain("victims");
      }
      assertThat(backend.read("SELECT name FROM victims")).containsExactly(List.of("kept"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void hostileNamesAreNamesOfNothingOrOfWhatTheyName(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE victims (name VARCHAR(99))", "INSERT INTO victims VALUES ('kept')");
      for (String name : HOSTILE) {
        Schema schema =
            Schema.tablePath(name)
                .columns(name)
                .conflictKey(name)
                .onConflict(ConflictStrategy.UPDATE)
                .build();
        Throwable missing = backend.failureOf(schema.row().set(name, 1));
        assertThat(missing)
            .as("table %s", name)
            .isInstanceOf(SqlWriteException.class)
            .hasMessageContaining("there is no such table");

        Schema column = Schema.table("victims").columns("name", name).build();
        assertThat(backend.failureOf(column.row().set("name", "x").set(name, 1)))
            .as("column %s", name)
            .isInstanceOf(SqlWriteException.class)
            .hasMessageContaining("there is no column");
        if (!kind.isMySql() || name.strip().equals(name)) {
          backend.run(
              "CREATE TABLE " + quoted(name) + " (" + quoted(name) + " INTEGER PRIMARY KEY)");
          backend.write(schema.row().set(name, 7));
          assertThat(backend.read("SELECT * FROM " + quoted(name))).containsExactly(List.of(7L));
          backend.run("DROP TABLE " + quoted(name));
        }
      }
      assertThat(backend.read("SELECT name FROM victims")).containsExactly(List.of("kept"));
    }
  }
}
