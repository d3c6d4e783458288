package io.batchflow;

import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * One flow with its streams, and a writer that answers when told. Records every row and its
 * outcome.
 */
final class SubmissionRun {

  static final Duration MAX_WAIT = Duration.ofSeconds(5);
  static final int BYTES = 8_192;

  /** A row that was submitted, and its outcome. */
  static final class Sent {
    final Row row;
    int ends;
    boolean written;
    boolean cancelled;
    Disposable subscription = () -> {};

    Sent(Row row) {
      this.row = row;
    }

    void end(boolean written) {
      this.written = written;
      ends++;
    }
  }

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final Deque<MonoSink<BatchResult>> writing = new ArrayDeque<>();
  private final List<Row> written = new ArrayList<>();
  final List<Sent> sent = new ArrayList<>();
  private final List<Source> sources = new ArrayList<>();
  private final Random random;
  private final int maxPending;
  private final List<Schema> tables;
  private final BatchFlow flow;

  SubmissionRun(
      Random random,
      int streams,
      int maxPending,
      List<Schema> tables,
      UnaryOperator<BatchFlow.Builder> options) {
    this.random = random;
    this.maxPending = maxPending;
    this.tables = tables;
    flow =
        options
            .apply(BatchFlow.builder(this::write).scheduler(time).maxPending(maxPending))
            .build();
    for (int i = 0; i < streams; i++) {
      sources.add(new Source());
    }
  }

  private Mono<BatchResult> write(Batch batch) {
    return Mono.<BatchResult>create(writing::add)
        .map(
            answered -> {
              written.addAll(batch.rows());
              return BatchResult.written(batch.size());
            });
  }

  /** A stream of rows. Each outcome is recorded with its row. */
  private final class Source extends ManualSource {
    private final List<Sent> given = new ArrayList<>();

    Source() {
      super(flow);
    }

    boolean give() {
      if (demand() == 0) {
        return false;
      }
      Sent row = newRow();
      given.add(row);
      row.row.tag(row);
      give(row.row);
      return true;
    }

    void stop() {
      given.forEach(row -> row.cancelled = true);
      cancel();
    }

    void read() {
      outcomes.forEach(o -> ((Sent) Objects.requireNonNull(o.row().tag())).end(o.isWritten()));
      outcomes.clear();
    }
  }

  private Sent newRow() {
    Schema table = tables.get(random.nextInt(tables.size()));
    int bytes = random.nextInt(4) == 0 ? random.nextInt(BYTES * 2) : random.nextInt(100);
    String value = sent.size() + " ".repeat(bytes);
    Sent row = new Sent(table.row().set("id", random.nextInt(4)).set("value", value));
    sent.add(row);
    return row;
  }

  /** Returns the number of a row in the order of submission. Spaces after it fill the row. */
  private static int numberOf(Row row) {
    return Integer.parseInt(String.valueOf(row.value("value")).strip());
  }

  private static List<Object> keyOf(Row row) {
    return List.of(row.schema(), Objects.requireNonNull(row.value("id")));
  }

  private Source anySource() {
    return sources.get(random.nextInt(sources.size()));
  }

  void anyStep() {
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> submit();
      case 4, 5, 6, 7, 8 -> anySource().give();
      case 9, 10, 11 -> answer();
      case 12 -> cancel();
      case 13 -> time.advanceTimeBy(Duration.ofMillis(random.nextInt(20)));
      case 14 -> flow.flush().subscribe();
      default -> {
        if (random.nextInt(8) == 0) {
          time.advanceTimeBy(MAX_WAIT);
        } else if (random.nextInt(8) == 0) {
          int which = random.nextInt(sources.size());
          sources.get(which).stop();
          sources.set(which, new Source());
        }
      }
    }
    settle();
  }

  void submitEitherWay() {
    if (random.nextBoolean() || !anySource().give()) {
      submit();
    }
    if (random.nextInt(4) == 0) {
      time.advanceTimeBy(Duration.ofMillis(20));
      for (int inFlight = writing.size(); inFlight > 0; inFlight--) {
        answer();
      }
    }
    settle();
  }

  private void settle() {
    time.advanceTime();
    sources.forEach(Source::read);
  }

  private void submit() {
    Sent row = newRow();
    row.subscription =
        flow.submit(row.row).subscribe(result -> row.end(true), error -> row.end(false));
  }

  private void answer() {
    MonoSink<BatchResult> write = writing.poll();
    if (write != null) {
      write.success(BatchResult.written(1));
    }
  }

  private void answerAll() {
    do {
      answer();
      time.advanceTimeBy(Duration.ofMillis(10));
    } while (!writing.isEmpty());
  }

  private void cancel() {
    if (!sent.isEmpty()) {
      Sent row = sent.get(random.nextInt(sent.size()));
      row.cancelled |= row.ends == 0 && row.row.tag() == null;
      row.subscription.dispose();
    }
  }

  void checkBounds() {
    long asked = sources.stream().mapToLong(ManualSource::demand).sum();
    assertThat(flow.stats().ledger().pending() + asked)
        .as("rows admitted or asked for")
        .isLessThanOrEqualTo(maxPending);
    assertThat(sent).allMatch(row -> row.ends <= 1);
  }

  void end() {
    answerAll();
    // Rows that are larger than the room that idle streams leave wait forever, and so do later
    // rows.
    time.advanceTimeBy(MAX_WAIT);
    answerAll();
    sources.forEach(Source::read);
    assertThat(sent).filteredOn(row -> !row.cancelled).allMatch(row -> row.ends == 1);
    sources.forEach(Source::stop);
    Rows.Probe<Void> closed = Rows.watch(flow.close(Duration.ofSeconds(1)));
    time.advanceTime();
    assertThat(closed.completions).isEqualTo(1);
    assertBalanced(flow);
    assertThat(flow.stats().waiting()).isZero();
  }

  void checkStored() {
    Map<List<Object>, Integer> stored = new HashMap<>();
    Map<Schema, Integer> newest = new HashMap<>();
    for (Row row : written) {
      Integer before = stored.put(keyOf(row), numberOf(row));
      assertThat(before == null || before < numberOf(row)).as("the last of a key wins").isTrue();
      if (row.schema().equals(Rows.EVENTS)) {
        Integer last = newest.put(row.schema(), numberOf(row));
        assertThat(last == null || last < numberOf(row)).as("a table's order").isTrue();
      }
    }
    assertThat(sent)
        .filteredOn(row -> row.written)
        .allSatisfy(
            row ->
                assertThat(stored.get(keyOf(row.row))).isGreaterThanOrEqualTo(numberOf(row.row)));
  }

  Map<List<Object>, Integer> stored() {
    Map<List<Object>, Integer> stored = new HashMap<>();
    written.forEach(row -> stored.put(keyOf(row), numberOf(row)));
    return stored;
  }

  Map<List<Object>, Integer> lastOfEachKey() {
    Map<List<Object>, Integer> last = new HashMap<>();
    sent.forEach(row -> last.put(keyOf(row.row), numberOf(row.row)));
    return last;
  }
}
