package io.batchflow.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.rocksdb.RocksDBException;

/**
 * A journal with truncated or changed files is read as it was after some step of its history, or
 * not at all.
 */
class DamageTest {

  private static final int STEPS = 40;

  /** The content of the journal after each step. */
  private static final List<List<String>> STATES = new ArrayList<>();

  /** The length of its log after each step since it was opened last. */
  private static final List<Long> LENGTHS = new ArrayList<>();

  private static Path whole = Path.of("");
  private static Path damaged = Path.of("");

  /** Rows of the first opening are in sorted files, and rows of the second are in the log. */
  @BeforeContainer
  static void write() throws IOException, RocksDBException {
    whole = Files.createTempDirectory("journal");
    damaged = Files.createTempDirectory("damaged");
    STATES.add(List.of());
    for (int opening = 0; opening < 2; opening++) {
      try (RocksDbStore log = RocksDbStore.open(whole)) {
        log.forEach((number, schema, row) -> {});
        LENGTHS.clear();
        LENGTHS.add(Files.size(newestLog(whole)));
        for (int step = 0; step < STEPS; step++) {
          play(log, opening * STEPS + step);
          LENGTHS.add(Files.size(newestLog(whole)));
        }
      }
    }
  }

  @AfterContainer
  static void delete() throws IOException {
    empty(whole);
    empty(damaged);
  }

  /** Appends a group, or removes the two oldest rows. */
  private static void play(RocksDbStore log, int step) throws RocksDBException {
    List<String> state = new ArrayList<>(STATES.get(STATES.size() - 1));
    if (step % 4 == 3) {
      List<String> oldest = state.subList(0, 2);
      log.remove(oldest.stream().map(row -> Long.valueOf(row.split(" ", 2)[0])).toList());
      oldest.clear();
    } else {
      Schema schema =
          Schema.table("t" + step / 30)
              .columns("id")
              .conflictKey("id")
              .onConflict(ConflictStrategy.UPDATE)
              .build();
      String row = "row of step " + step;
      List<JournalEntry> group =
          IntStream.rangeClosed(0, step % 3)
              .mapToObj(
                  i -> JournalEntry.coming(schema.row(), row.getBytes(StandardCharsets.UTF_8)))
              .toList();
      log.append(group);
      group.forEach(entry -> state.add(line(entry.number, SchemaId.of(schema), row)));
    }
    STATES.add(state);
  }

  private static String line(long number, String schema, String row) {
    return number + " " + schema + " " + row;
  }

  private static List<String> read(Path directory) throws RocksDBException {
    List<String> rows = new ArrayList<>();
    try (RocksDbStore log = RocksDbStore.open(directory)) {
      log.forEach(
          (number, schema, row) ->
              rows.add(line(number, schema, new String(row, StandardCharsets.UTF_8))));
    }
    return rows;
  }

  @Property(tries = 100, seed = "20261121")
  void aLogCutShortHoldsWhatWasSyncedBefore(@ForAll @IntRange(max = 10_000) int share)
      throws IOException, RocksDBException {
    Path log = newestLog(whole);
    byte[] bytes = Files.readAllBytes(log);
    int length = (int) (bytes.length * (long) share / 10_000);
    copy();
    Files.write(damaged.resolve(log.getFileName()), Arrays.copyOf(bytes, length));

    long before = LENGTHS.stream().filter(synced -> synced <= length).count();
    assertThat(read(damaged)).isEqualTo(STATES.get(STEPS + (int) Math.max(0, before - 1)));
  }

  @Property(tries = 200, seed = "20261121")
  void aFileThatIsChangedMakesUpNothing(
      @ForAll @IntRange(max = 1_000) int which,
      @ForAll @IntRange(max = 1_000_000) int share,
      @ForAll @IntRange(min = 1, max = 255) int change)
      throws IOException {
    copy();
    List<Path> files = files(damaged).stream().filter(f -> f.toFile().length() > 0).toList();
    Path file = files.get(which % files.size());
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) (bytes.length * (long) share / 1_000_001)] ^= (byte) change;
    Files.write(file, bytes);

    // A changed byte in the log is like a torn tail. In other files no row may be missing.
    int least = file.toString().endsWith(".log") ? STEPS : 2 * STEPS;
    try {
      assertThat(STATES.subList(least, STATES.size())).contains(read(damaged));
    } catch (RocksDBException | JournalException rejected) {
      assertThat(rejected).hasMessageNotContaining("row of step");
    }
  }

  private static Path newestLog(Path directory) throws IOException {
    return files(directory).stream()
        .filter(file -> file.toString().endsWith(".log"))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** Returns the files in order, except those that are never read. */
  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("LO"))
          .sorted()
          .toList();
    }
  }

  private static void copy() throws IOException {
    empty(damaged);
    Files.createDirectory(damaged);
    for (Path file : files(whole)) {
      Files.copy(file, damaged.resolve(file.getFileName()));
    }
  }

  private static void empty(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
