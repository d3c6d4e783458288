package io.batchflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.RejectedRow;
import io.batchflow.Schema;
import io.batchflow.json.UnkeptValueException;
import io.batchflow.test.RecordingWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

class DeadLetterFileTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Schema ORDERS = Schema.table("orders").columns("id", "note").build();

  private final Path directory;

  DeadLetterFileTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Path path() {
    return directory.resolve("letters.jsonl");
  }

  /** Writes rows of which the database rejects every third one. */
  private static void rejectEveryThird(int from, int to, Function<RejectedRow, Mono<Void>> file) {
    BatchFlow flow =
        BatchFlow.builder(
                RecordingWriter.create().rejectingRows(row -> (Integer) row.value("id") % 3 == 0))
            .deadLetter(file)
            .build();
    flow.submitAll(
            Flux.range(from, to - from)
                .map(id -> ORDERS.row().set("id", id).set("note", "line\none \u2028 " + id)))
        .blockLast(PATIENCE);
    flow.close().block(PATIENCE);
    assertThat(flow.stats().deadLettersLost()).isZero();
  }

  private static List<Integer> ids(Path path) {
    return DeadLetterFile.read(path)
        .map(letter -> (Integer) letter.toRow(ORDERS).value("id"))
        .sort()
        .collectList()
        .block(PATIENCE);
  }

  private static List<Integer> everyThird(int from, int to) {
    return IntStream.range(from, to).filter(id -> id % 3 == 0).boxed().toList();
  }

  @Test
  void everyRejectedRowIsALine() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      rejectEveryThird(0, 1_000, file);
    }
    assertThat(ids(path())).isEqualTo(everyThird(0, 1_000));
    assertThat(Files.readAllLines(path())).hasSize(334);
    assertThat(DeadLetterFile.read(path()).collectList().block(PATIENCE))
        .allSatisfy(
            letter -> {
              assertThat(letter.table()).isEqualTo("orders");
              assertThat(letter.reason()).isEqualTo("RowRejectedException");
              assertThat(letter.attempts()).isEqualTo(1);
              assertThat(letter.toString()).doesNotContain("line");
              assertThat(DeadLetter.parse(letter.toJson())).isEqualTo(letter);
            });
  }

  @Test
  void aReopenedFileIsAppendedTo() throws IOException {
    for (int run = 0; run < 3; run++) {
      try (DeadLetterFile file = DeadLetterFile.open(path())) {
        rejectEveryThird(run * 30, run * 30 + 30, file);
      }
    }
    assertThat(ids(path())).isEqualTo(everyThird(0, 90));
  }

  @Test
  void anIncompleteLastLineIsRemoved() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      rejectEveryThird(0, 30, file);
    }
    byte[] whole = Files.readAllBytes(path());
    for (int left = whole.length - 1; left > whole.length - 400; left -= 13) {
      Files.write(path(), java.util.Arrays.copyOf(whole, left));
      DeadLetterFile.open(path()).close();
      assertThat(ids(path())).isEqualTo(everyThird(0, 30).subList(0, ids(path()).size()));
      assertThat(Files.size(path())).isLessThanOrEqualTo(left);
    }
  }

  @Test
  void aFullFileIsRenamedAndNothingIsLost() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path(), 5_000)) {
      rejectEveryThird(0, 300, file);
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      assertThat(all)
          .hasSizeGreaterThan(3)
          .allSatisfy(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(5_000));
      assertThat(all.stream().flatMap(file -> ids(file).stream()).sorted().toList())
          .isEqualTo(everyThird(0, 300));
    }
  }

  /** Keeps one rejected row. */
  private static void keep(DeadLetterFile file, int id) {
    rejectEveryThird(3 * id, 3 * id + 1, file);
  }

  private List<Integer> idsInDirectory() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .flatMap(file -> ids(file).stream())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 400, 1_000_000})
  void aFileThatIsMovedAwayIsCreatedAgain(long maxBytes) throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path(), maxBytes)) {
      for (int id = 0; id < 6; id++) {
        keep(file, id);
        Files.move(path(), directory.resolve("taken." + id));
      }
      keep(file, 6);
      keep(file, 7);
    }
    assertThat(ids(path())).endsWith(21);
    assertThat(idsInDirectory()).isEqualTo(everyThird(0, 24));
  }

  @Test
  void aFileThatIsDeletedIsCreatedAgain() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      keep(file, 0);
      Files.delete(path());
      keep(file, 1);
    }
    assertThat(ids(path())).containsExactly(3);
  }

  @Test
  void aDirectoryThatIsMovedOrDeletedIsCreatedAgain() throws IOException {
    Path inner = directory.resolve("inner");
    Files.createDirectory(inner);
    Path path = inner.resolve("letters.jsonl");
    try (DeadLetterFile file = DeadLetterFile.open(path, 500)) {
      keep(file, 0);
      Files.move(inner, directory.resolve("moved"));
      keep(file, 1);
      keep(file, 2);
      try (Stream<Path> files = Files.list(inner)) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(inner);
      keep(file, 3);
    }
    assertThat(ids(directory.resolve("moved").resolve("letters.jsonl"))).containsExactly(0);
    assertThat(ids(path)).containsExactly(9);
  }

  @Test
  void aTruncatedFileIsContinuedAtItsEnd() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      keep(file, 0);
      Files.copy(path(), directory.resolve("copy"));
      Files.write(path(), new byte[0]);
      keep(file, 1);
    }
    assertThat(ids(path())).containsExactly(3);
  }

  @Test
  void aFileThatCannotBeCreatedAgainIsRetriedForEachLetter() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("inner"));
    Path path = inner.resolve("letters.jsonl");
    List<RejectedRow> letters = new CopyOnWriteArrayList<>();
    rejectEveryThird(0, 3, letter -> Mono.fromRunnable(() -> letters.add(letter)));
    try (DeadLetterFile file = DeadLetterFile.open(path)) {
      Files.move(inner, directory.resolve("moved"));
      Files.writeString(inner, "in the way");
      assertThatThrownBy(() -> file.apply(letters.get(0)).block(PATIENCE))
          .hasCauseInstanceOf(IOException.class);
      Files.delete(inner);
      file.apply(letters.get(0)).block(PATIENCE);
    }
    assertThat(ids(path)).containsExactly(0);
  }

  @Test
  void aFileThatCannotBeRenamedIsContinued() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path(), 1)) {
      keep(file, 0);
      keep(file, 1);
    }
    assertThat(idsInDirectory()).containsExactly(0, 3);
  }

  @Test
  void aThreadThatMustNotBlockCanCloseTheFile() {
    DeadLetterFile file = DeadLetterFile.open(path());
    keep(file, 0);
    Mono.fromRunnable(file::close).subscribeOn(Schedulers.parallel()).block(PATIENCE);
    file.closeLater().block(PATIENCE);
    file.close();

    DeadLetterFile next = DeadLetterFile.open(path());
    next.closeLater().then(next.closeLater()).block(PATIENCE);
    assertThat(ids(path())).containsExactly(0);
  }

  @Test
  void lettersBeforeCloseAreKeptAndLaterOnesFail() {
    List<RejectedRow> letters = new CopyOnWriteArrayList<>();
    rejectEveryThird(0, 600, letter -> Mono.fromRunnable(() -> letters.add(letter)));
    DeadLetterFile file = DeadLetterFile.open(path());
    List<Boolean> kept = new CopyOnWriteArrayList<>();
    CountDownLatch answered = new CountDownLatch(letters.size());
    for (int i = 0; i < letters.size(); i++) {
      if (i == 100) {
        file.closeLater().subscribe();
      }
      file.apply(letters.get(i))
          .doFinally(signal -> answered.countDown())
          .subscribe(nothing -> {}, error -> kept.add(false), () -> kept.add(true));
    }
    file.close();
    assertThat(answered.getCount()).isZero();
    assertThat(kept).filteredOn(each -> each).hasSize(100);
    assertThat(ids(path())).hasSize(100);
  }

  @Test
  void itsThreadEndsWithItAndKeepsNoJvmAlive() throws InterruptedException {
    List<Thread> threads;
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      keep(file, 0);
      threads = threads();
    }
    assertThat(threads).isNotEmpty().allMatch(Thread::isDaemon);
    for (Thread thread : threads) {
      thread.join(PATIENCE.toMillis());
    }
    assertThat(threads()).isEmpty();
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("batchflow-deadletters"))
        .toList();
  }

  @Test
  void aRowThatCannotBeKeptIsCountedAndItsCallerGetsTheReason() {
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      BatchFlow flow =
          BatchFlow.builder(RecordingWriter.create().rejectingRows(row -> true))
              .retry(Retry.backoff(0, Duration.ofMillis(1)))
              .deadLetter(file)
              .build();
      assertThatThrownBy(
              () ->
                  flow.submit(ORDERS.row().set("id", 1).set("note", new Object())).block(PATIENCE))
          .satisfies(
              rejected ->
                  assertThat(rejected.getSuppressed())
                      .anySatisfy(
                          why ->
                              assertThat(why).hasRootCauseInstanceOf(UnkeptValueException.class)));
      flow.close().block(PATIENCE);
      assertThat(flow.stats().deadLettersLost()).isEqualTo(1);
    }
  }

  @Test
  void onlyOneProcessMayOpenIt() {
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> DeadLetterFile.open(path()))
          .withMessageContaining("is open already");
      rejectEveryThird(0, 3, file);
    }
    assertThat(ids(path())).containsExactly(0);
  }

  @Test
  void aCancelledLetterDoesNotCloseTheFile() {
    List<RejectedRow> letters = new CopyOnWriteArrayList<>();
    rejectEveryThird(0, 150, letter -> Mono.fromRunnable(() -> letters.add(letter)));
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      for (RejectedRow letter : letters) {
        long before = path().toFile().length();
        Disposable givenUp = file.apply(letter).subscribe();
        while (path().toFile().length() == before && !givenUp.isDisposed()) {
          Thread.onSpinWait();
        }
        givenUp.dispose();
        file.apply(letter).block(PATIENCE);
      }
    }
    assertThat(ids(path())).hasSameElementsAs(everyThird(0, 150));
  }

  @Test
  void anInvalidLineIsNamed() throws IOException {
    try (DeadLetterFile file = DeadLetterFile.open(path())) {
      rejectEveryThird(0, 3, file);
    }
    Files.writeString(path(), "secret\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> ids(path()))
        .isInstanceOf(DeadLetterFormatException.class)
        .hasMessageContaining("letters.jsonl, line 2")
        .hasNoCause()
        .message()
        .doesNotContain("secret");
  }

  @Test
  void aSizeOfZeroIsRejected() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> DeadLetterFile.open(path(), 0))
        .withMessageContaining("maxBytes");
  }
}
