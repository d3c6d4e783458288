package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program runs in its own process and gets a SIGTERM during the load. */
class SigtermTest {

  private static final int ROWS = 1_000_000;
  private static final int SIGTERM = 128 + 15;

  private final Path directory;

  SigtermTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Every thousandth row is rejected. */
  private Path csv() throws IOException {
    Path file = directory.resolve("orders.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("id,amount\n");
      for (int id = 1; id <= ROWS; id++) {
        out.write(id + "," + (id % 1_000 == 0 ? -1 : id) + "\n");
      }
    }
    return file;
  }

  private Process load(Database database, Path csv) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Load.class.getName(),
            "--input",
            csv.toString(),
            "--table",
            "orders",
            "--db",
            database.url())
        .redirectOutput(directory.resolve("out").toFile())
        .redirectError(directory.resolve("err").toFile())
        .start();
  }

  private String said(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private static long number(String pattern, String text) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as("%s in %s", pattern, text).isTrue();
    return Long.parseLong(found.group(1).replace(",", ""));
  }

  private static long count(Database database) {
    return Long.parseLong(database.read("SELECT COUNT(*) FROM orders").get(0).get(0));
  }

  @ParameterizedTest
  @EnumSource(value = Database.Kind.class, names = "SQLITE")
  void everyRowThatWasReadIsStoredOrReportedByLine(Database.Kind kind) throws Exception {
    Database database = kind.in(directory);
    database.run("CREATE TABLE orders (id INTEGER PRIMARY KEY, amount INTEGER CHECK (amount > 0))");
    Process load = load(database, csv());
    while (load.isAlive() && count(database) < 20_000) {
      Thread.onSpinWait();
    }
    load.destroy();

    assertThat(load.waitFor()).as(said("err")).isEqualTo(SIGTERM);
    long stored = number("rows +([\\d,]+) stored", said("out"));
    long rejected = number("([\\d,]+) rows? (?:was|were) not stored", said("err"));
    long notRead = number("Stopped early: ([\\d,]+) rows? not read", said("err"));
    assertThat(stored).isGreaterThanOrEqualTo(20_000);
    assertThat(count(database)).isEqualTo(stored);
    assertThat(stored + rejected + notRead).isEqualTo(ROWS);
    // Rows are read in order, so all good rows up to the last one that was read are stored.
    assertThat(database.read("SELECT MAX(id) FROM orders").get(0).get(0))
        .isEqualTo(String.valueOf(lastGood(stored + rejected)));
    assertThat(said("err")).contains("line 1001: ").contains("line 2001: ");
  }

  private static long lastGood(long id) {
    return id % 1_000 == 0 ? id - 1 : id;
  }
}
