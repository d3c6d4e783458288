package io.batchflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.RejectedRow;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

class DeadLetterFileTest extends DeadLetterFileFixture {

  DeadLetterFileTest(@TempDir Path directory) {
    super(directory);
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("batchflow-deadletters"))
        .toList();
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
