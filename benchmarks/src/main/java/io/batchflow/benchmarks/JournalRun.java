package io.batchflow.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Kills an application with a journal at random moments and starts it again; in the end holds what
 * it acknowledged against the table, and each time what it said is written.
 */
final class JournalRun {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MOST_MILLIS = 700;

  /** All ids have ten digits, so that a line which a kill cut short is known. */
  private static final int FIRST_ID = 1_000_000_000;

  private static final int LINE_LENGTH = "A ".length() + 10;

  /** Ids of one run do not reach those of the next. */
  private static final int IDS_OF_A_RUN = 1_000_000;

  private final String name;
  private final Path journal;
  private final String url;
  private final String jdbcUrl;
  private final BitSet accepted = new BitSet();
  private final BitSet written = new BitSet();
  private int toldFalsely;

  /**
   * @param url by which the application writes
   * @param jdbcUrl by which the table is read
   */
  JournalRun(String name, Path journal, String url, String jdbcUrl) {
    this.name = name;
    this.journal = journal;
    this.url = url;
    this.jdbcUrl = jdbcUrl;
  }

  Figure run(int kills, PrintWriter out) throws IOException, SQLException {
    execute("CREATE TABLE IF NOT EXISTS faults (id BIGINT PRIMARY KEY, val VARCHAR(40))");
    Random random = new Random(kills);
    for (int kill = 0; kill < kills; kill++) {
      play(FIRST_ID + kill * IDS_OF_A_RUN, random.nextInt(MOST_MILLIS));
      BitSet missing = (BitSet) written.clone();
      missing.andNot(stored());
      toldFalsely += missing.cardinality();
    }
    JournalApp.open(journal, url).close(PATIENCE).block(PATIENCE);
    BitSet lost = (BitSet) accepted.clone();
    lost.andNot(stored());
    out.printf(
        Locale.ROOT,
        "%-12s %d kills of the application: %,d rows acknowledged, %,d of them not yet told"
            + " written; %d lost, %d told falsely%n",
        name,
        kills,
        accepted.cardinality(),
        accepted.cardinality() - written.cardinality(),
        lost.cardinality(),
        toldFalsely);
    out.flush();
    return new Figure("faults")
        .with("fault", "journal")
        .with("backend", name)
        .with("rows", String.valueOf(accepted.cardinality()))
        .atMost("lost", lost.cardinality(), 0)
        .atMost("false", toldFalsely, 0);
  }

  private void play(int from, int millis) throws IOException {
    Process app =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classPath(),
                JournalApp.class.getName(),
                journal.toString(),
                url,
                String.valueOf(from))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Scheduler killer = Schedulers.newSingle("killer", true);
    try (BufferedReader lines = app.inputReader()) {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("The application accepted nothing");
      }
      // By its handle, as Process.destroyForcibly would close what is still to be read.
      killer.schedule(app.toHandle()::destroyForcibly, millis, TimeUnit.MILLISECONDS);
      while (line != null) {
        note(line);
        line = lines.readLine();
      }
      app.onExit().join();
    } finally {
      killer.dispose();
      app.destroyForcibly();
    }
  }

  private void note(String line) {
    if (line.length() == LINE_LENGTH) {
      int index = Integer.parseInt(line.substring(2)) - FIRST_ID;
      (line.charAt(0) == 'A' ? accepted : written).set(index);
    }
  }

  /** Maven runs programs under a class loader of its own. */
  private static String classPath() {
    if (JournalRun.class.getClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs())
          .map(URL::getPath)
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  private BitSet stored() throws SQLException {
    BitSet stored = new BitSet();
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, val FROM faults")) {
      while (rows.next()) {
        int id = rows.getInt(1);
        if (FaultTarget.value(id).equals(rows.getString(2))) {
          stored.set(id - FIRST_ID);
        }
      }
    }
    return stored;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
