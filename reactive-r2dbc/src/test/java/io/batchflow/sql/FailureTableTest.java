package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.FailureKind;
import io.batchflow.sql.dialect.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares every classifier with the table in docs/errors.md, code by code. */
class FailureTableTest {

  private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** The codes of one database in the table. */
  private record Verdicts(Map<String, FailureKind> classes, Map<String, FailureKind> codes) {

    static Verdicts of(String database) throws IOException {
      Verdicts verdicts = new Verdicts(new HashMap<>(), new HashMap<>());
      for (String line : Files.readAllLines(Path.of("../docs/errors.md"))) {
        String[] cells = line.split("\\|", -1);
        if (cells.length == 6 && cells[1].strip().equals(database)) {
          FailureKind kind = FailureKind.valueOf(cells[2].replace("`", "").strip());
          words(cells[3]).forEach(word -> verdicts.classes.put(word, kind));
          words(cells[4]).forEach(word -> verdicts.codes.put(word, kind));
        }
      }
      assertThat(verdicts.codes).containsEntry("none", FailureKind.UNKNOWN);
      return verdicts;
    }

    /** A code may be followed by its name. */
    private static Stream<String> words(String cell) {
      return Arrays.stream(cell.split(",", -1))
          .map(String::strip)
          .filter(word -> !word.isEmpty())
          .map(word -> word.split(" ", 2)[0]);
    }

    FailureKind expected(String code, @Nullable String sqlState) {
      FailureKind byClass =
          sqlState == null
              ? FailureKind.PERMANENT
              : classes.getOrDefault(sqlState.substring(0, 2), FailureKind.PERMANENT);
      return codes.getOrDefault(code, byClass);
    }
  }

  /** One SQLSTATE of every possible class. */
  private static List<String> states() {
    return LETTERS
        .chars()
        .boxed()
        .flatMap(
            first ->
                LETTERS.chars().mapToObj(next -> "" + (char) (int) first + (char) next + "000"))
        .toList();
  }

  /** Every code with a general SQLSTATE, and every class of SQLSTATEs with an unlisted code. */
  private static void assertByCode(SqlDialect dialect, Verdicts verdicts, int codes) {
    for (int code = 1; code < codes; code++) {
      assertThat(dialect.classify("HY000", code))
          .as("code %d", code)
          .isEqualTo(verdicts.expected(String.valueOf(code), "HY000"));
    }
    assertThat(states())
        .allSatisfy(
            state ->
                assertThat(dialect.classify(state, 1))
                    .as(state)
                    .isEqualTo(verdicts.expected("1", state)));
    assertThat(dialect.classify(null, 0)).isEqualTo(FailureKind.UNKNOWN);
  }

  @Test
  void postgresIsAsTheTableSays() throws IOException {
    Verdicts verdicts = Verdicts.of("PostgreSQL");
    SqlDialect dialect = Dialects.postgres();

    Stream<String> listed = verdicts.codes().keySet().stream().filter(code -> code.length() == 5);
    assertThat(Stream.concat(states().stream(), listed))
        .allSatisfy(
            state ->
                assertThat(dialect.classify(state, 0))
                    .as(state)
                    .isEqualTo(verdicts.expected(state, state)));
    assertThat(dialect.classify(null, 0)).isEqualTo(FailureKind.UNKNOWN);
  }

  @Test
  void mySqlIsAsTheTableSays() throws IOException {
    assertByCode(Dialects.mysql(), Verdicts.of("MySQL, MariaDB"), 5_000);
  }

  @Test
  void h2IsAsTheTableSays() throws IOException {
    assertByCode(Dialects.h2(), Verdicts.of("H2"), 100_000);
  }

  @Test
  void sqliteIsAsTheTableSays() throws IOException {
    Verdicts verdicts = Verdicts.of("SQLite");
    assertThat(IntStream.range(0, 0xffff).boxed())
        .allSatisfy(
            code ->
                assertThat(Dialects.sqlite().classify(null, code))
                    .as("code %d", code)
                    .isEqualTo(
                        (code & 0xff) == 0
                            ? FailureKind.UNKNOWN
                            : verdicts.expected(String.valueOf(code & 0xff), null)));
  }
}
