package io.batchflow.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Kills an application with a journal at random moments and restarts it. After each kill, compares
 * the rows that it reported as written with the table. At the end, does so for all rows that it
 * acknowledged.
 */
final class JournalRun {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MOST_MILLIS = 700;

  /** The exit code after SIGKILL. */
  private static final int KILLED = 128 + 9;

  /** All ids have eight digits, so a line that a kill cut off can be recognized. */
  private static final int FIRST_ID = 50_000_000;

  private static final char ACCEPTED = 'A';
  private static final char WRITTEN = 'W';
  private static final int LINE_LENGTH = "A 50000000".length();

  private final StoredTable table;
  private final Path journal;
  private final BitSet accepted = new BitSet();
  private final BitSet written = new BitSet();
  private int nextId = FIRST_ID;

  JournalRun(StoredTable table, Path journal) {
    this.table = table;
    this.journal = journal;
  }

  Figure run(int kills, PrintWriter out) throws IOException, SQLException {
    Random random = new Random(kills);
    int wronglyReported = 0;
    for (int kill = 0; kill < kills; kill++) {
      // Counts from the first line, or a slow start would be killed before it wrote anything.
      play(kill % 2 == 0 ? ACCEPTED : WRITTEN, random.nextInt(MOST_MILLIS));
      // Rows beyond the last printed one may have been in progress.
      nextId = accepted.length() + JournalApp.AT_ONCE;
      wronglyReported += missing(written);
    }
    JournalApp.open(journal, table.url()).close(PATIENCE).block(PATIENCE);
    int lost = missing(accepted);
    out.printf(
        Locale.ROOT,
        "%-13s %d kills of the application: %,d rows acknowledged, %,d of them not yet reported"
            + " as written; %d lost, %d wrongly reported%n",
        table.name(),
        kills,
        accepted.cardinality(),
        accepted.cardinality() - written.cardinality(),
        lost,
        wronglyReported);
    out.flush();
    return new Figure("crashes")
        .with("backend", table.name())
        .with("rows", String.valueOf(accepted.cardinality()))
        .atMost("lost", lost, 0)
        .atMost("false", wronglyReported, 0);
  }

  /** Kills the application this long after its first line of a kind. */
  private void play(char kind, int millis) throws IOException {
    Process app =
        ChildJvm.of(
                JournalApp.class,
                List.of("-Xmx256m"),
                journal.toString(),
                table.url(),
                String.valueOf(nextId))
            .start();
    Scheduler killer = Schedulers.newSingle("killer", true);
    try (BufferedReader lines = app.inputReader()) {
      boolean aimed = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
        if (!aimed && line.charAt(0) == kind) {
          aimed = true;
          // By the handle, as Process.destroyForcibly would close the output before it is read.
          killer.schedule(app.toHandle()::destroyForcibly, millis, TimeUnit.MILLISECONDS);
        }
      }
      if (app.onExit().join().exitValue() != KILLED) {
        throw new IOException("The application ended by itself");
      }
    } finally {
      killer.dispose();
      app.destroyForcibly();
    }
  }

  private void note(String line) {
    if (line.length() == LINE_LENGTH) {
      int id = Integer.parseInt(line.substring(2));
      (line.charAt(0) == ACCEPTED ? accepted : written).set(id);
    }
  }

  private int missing(BitSet expected) throws SQLException {
    BitSet missing = (BitSet) expected.clone();
    missing.andNot(table.stored(FIRST_ID, nextId));
    return missing.cardinality();
  }
}
