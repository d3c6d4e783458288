package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnicodeLoadTest {

  private static final String ALL = "SELECT * FROM \"characters\" ORDER BY \"code_point\"";

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @EnumSource
  void everyCharacterIsStoredAsTheJdkHasItHoweverOftenTheLoadRuns(Database.Kind kind) {
    Database database = kind.in(directory);

    Run run = Run.load("--db", database.url());

    assertThat(run.errors()).isEmpty();
    assertThat(run.exitCode()).isZero();
    List<List<@Nullable String>> stored = database.read(ALL);
    assertThat(stored).hasSizeBetween(140_000, 170_000);
    assertThat(checksum(stored)).isEqualTo(checksum(JdkUnicode.rows()));
    assertThat(Run.load("--db", database.url()).exitCode()).isZero();
    assertThat(checksum(database.read(ALL))).isEqualTo(checksum(stored));
  }

  @Test
  void anExistingRowIsRejectedUnderFail() {
    Database database = Database.Kind.SQLITE.in(directory);
    Run.load("--db", database.url());
    database.run("DELETE FROM characters WHERE code_point > 70");

    Run again = Run.load("--db", database.url(), "--on-conflict", "fail");

    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.errors()).startsWith("71 rows were not stored:").hasSize(22);
    assertThat(again.errors().get(1)).startsWith("  U+0000: ").contains("UNIQUE constraint");
    assertThat(again.errors()).endsWith("  and 51 more");
    assertThat(checksum(database.read(ALL))).isEqualTo(checksum(JdkUnicode.rows()));
  }

  @Test
  void theReportHasTheFiguresAndSomeRows() {
    Run run = Run.load("--db", Database.Kind.SQLITE.in(directory).url(), "--compare");

    String rows = "%,d".formatted(JdkUnicode.rows().size());
    assertThat(run.output())
        .contains(rows + " Unicode characters of Java ")
        .containsPattern("rows +" + rows + " stored in [0-9.]+ s\n")
        .containsPattern("batches +\\d+ of [0-9,.]+ rows on average\n")
        .containsPattern("speed +[0-9,]+ rows/s\n")
        .containsPattern("submit to durable +p50 [0-9,.]+ ms, p99 [0-9,.]+ ms\n")
        .containsPattern("one INSERT each +[0-9,]+ rows/s over [0-9,]+ rows; ")
        .containsPattern("ratio +[0-9.]+ times as fast in batches\n")
        .contains("The table has " + rows + " rows now.")
        .containsPattern("8364 +EURO SIGN +CURRENCY_SYMBOLS +COMMON +Sc +ET\n");
  }

  private static String checksum(List<List<@Nullable String>> rows) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (List<@Nullable String> row : rows) {
        digest.update((String.join("|", row) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException absent) {
      throw new AssertionError(absent);
    }
  }
}
