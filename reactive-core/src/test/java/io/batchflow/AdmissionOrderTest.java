package io.batchflow;

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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * One thread that submits rows one by one and by streams, in any order, to a flow that has little
 * room: each table's rows are written in the order of submission, the bounds hold, and every caller
 * is told.
 */
class AdmissionOrderTest {

  private static final Duration MAX_WAIT = Duration.ofSeconds(5);
  private static final int STREAMS = 3;
  private static final int BYTES = 8_192;

  private static final Schema FAILS =
      Schema.table("fails")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.REPLACE)
          .build();

  private static final List<Schema> TABLES = List.of(Rows.EVENTS, Rows.UPSERTS, FAILS);

  /** A row that was submitted, and what its caller was told. */
  private static final class Sent {
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
  private final List<Row> stored = new ArrayList<>();
  private final List<Sent> sent = new ArrayList<>();
  private final List<Source> sources = new ArrayList<>();
  private Random random = new Random();
  private int maxPending;
  private BatchFlow flow = BatchFlow.builder(this::write).scheduler(time).build();

  private Mono<BatchResult> write(Batch batch) {
    return Mono.<BatchResult>create(writing::add)
        .map(
            answered -> {
              stored.addAll(batch.rows());
              return BatchResult.written(batch.size());
            });
  }

  /** A source of rows, whose outcomes come back with the row that they belong to. */
  private final class Source extends StreamOrderTest.Source {
    private final List<Sent> given = new ArrayList<>();

    Source() {
      super(flow);
    }

    void give() {
      if (demand() > 0) {
        Sent sentRow = newRow();
        given.add(sentRow);
        sentRow.row.tag(sentRow);
        give(sentRow.row);
      }
    }

    void stop() {
      given.forEach(sentRow -> sentRow.cancelled = true);
      cancel();
    }

    void read() {
      outcomes.forEach(o -> ((Sent) Objects.requireNonNull(o.row().tag())).end(o.isWritten()));
      outcomes.clear();
    }
  }

  private Sent newRow() {
    Schema table = TABLES.get(random.nextInt(TABLES.size()));
    int bytes = random.nextInt(4) == 0 ? random.nextInt(BYTES * 2) : random.nextInt(100);
    String value = sent.size() + " ".repeat(bytes);
    Sent sentRow = new Sent(table.row().set("id", random.nextInt(4)).set("value", value));
    sent.add(sentRow);
    return sentRow;
  }

  /** The number by which rows were submitted; blanks behind it make for their size. */
  private static int numberOf(Row sentRow) {
    return Integer.parseInt(String.valueOf(sentRow.value("value")).strip());
  }

  private void step() {
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> submit();
      case 4, 5, 6, 7, 8 -> sources.get(random.nextInt(STREAMS)).give();
      case 9, 10, 11 -> answer();
      case 12 -> cancel();
      case 13 -> time.advanceTimeBy(Duration.ofMillis(random.nextInt(20)));
      case 14 -> flow.flush().subscribe();
      default -> {
        if (random.nextInt(8) == 0) {
          time.advanceTimeBy(MAX_WAIT);
        } else if (random.nextInt(8) == 0) {
          int which = random.nextInt(STREAMS);
          sources.get(which).stop();
          sources.set(which, new Source());
        }
      }
    }
    time.advanceTime();
    sources.forEach(Source::read);
  }

  private void submit() {
    Sent sentRow = newRow();
    sentRow.subscription =
        flow.submit(sentRow.row)
            .subscribe(result -> sentRow.end(true), error -> sentRow.end(false));
  }

  private void answer() {
    MonoSink<BatchResult> write = writing.poll();
    if (write != null) {
      write.success(BatchResult.written(1));
    }
  }

  private void cancel() {
    if (!sent.isEmpty()) {
      Sent sentRow = sent.get(random.nextInt(sent.size()));
      sentRow.cancelled |= sentRow.ends == 0 && sentRow.row.tag() == null;
      sentRow.subscription.dispose();
    }
  }

  private void checkBounds() {
    long asked = sources.stream().mapToLong(StreamOrderTest.Source::demand).sum();
    assertThat(flow.stats().ledger().pending() + asked)
        .as("rows admitted or asked for")
        .isLessThanOrEqualTo(maxPending);
    assertThat(sent).allMatch(sentRow -> sentRow.ends <= 1);
  }

  @Property(tries = 2_000)
  void rowsAreAdmittedInTheOrderOfTheirSubmissionWhicheverWayTheyCome(@ForAll long seed) {
    new AdmissionOrderTest().live(seed);
  }

  private void live(long seed) {
    random = new Random(seed);
    maxPending = STREAMS + random.nextInt(8);
    int maxSize = 1 + random.nextInt(3);
    BatchPolicy.Builder policy =
        BatchPolicy.builder()
            .maxSize(maxSize)
            .maxBytes(BYTES / 2)
            .maxDelay(Duration.ofMillis(random.nextInt(2) * 5L))
            .concurrency(1);
    flow =
        BatchFlow.builder(this::write)
            .scheduler(time)
            .maxPending(maxPending)
            .maxPendingBytes(BYTES)
            .maxWait(MAX_WAIT)
            .concurrency(1 + random.nextInt(2))
            .defaultPolicy(policy.build())
            .policy(FAILS, policy.overflow(Overflow.FAIL).build())
            .build();
    for (int i = 0; i < STREAMS; i++) {
      sources.add(new Source());
    }
    for (int i = 0; i < 150; i++) {
      step();
      checkBounds();
    }
    end();
  }

  private void end() {
    do {
      answer();
      time.advanceTimeBy(Duration.ofMillis(10));
    } while (!writing.isEmpty());
    // Rows larger than what idle streams leave wait in vain, and those behind them.
    time.advanceTimeBy(MAX_WAIT);
    do {
      answer();
      time.advanceTimeBy(Duration.ofMillis(10));
    } while (!writing.isEmpty());
    sources.forEach(Source::read);
    assertThat(sent)
        .filteredOn(sentRow -> !sentRow.cancelled)
        .allMatch(sentRow -> sentRow.ends == 1);
    checkStored();
    sources.forEach(Source::stop);
    Rows.Probe<Void> closed = Rows.watch(flow.close(Duration.ofSeconds(1)));
    time.advanceTime();
    assertThat(closed.completions).isEqualTo(1);
    assertThat(flow.stats().ledger().isBalanced()).isTrue();
    assertThat(flow.stats().waiting()).isZero();
  }

  private void checkStored() {
    Map<Schema, Integer> newest = new HashMap<>();
    Map<List<Object>, Integer> held = new HashMap<>();
    for (Row sentRow : stored) {
      List<Object> key = List.of(sentRow.schema(), Objects.requireNonNull(sentRow.value("id")));
      Integer before = held.put(key, numberOf(sentRow));
      assertThat(before == null || before < numberOf(sentRow))
          .as("the last of a key wins")
          .isTrue();
      if (sentRow.schema().equals(Rows.EVENTS)) {
        Integer last = newest.put(sentRow.schema(), numberOf(sentRow));
        assertThat(last == null || last < numberOf(sentRow)).as("a table's order").isTrue();
      }
    }
    for (Sent sentRow : sent) {
      List<Object> key =
          List.of(sentRow.row.schema(), Objects.requireNonNull(sentRow.row.value("id")));
      if (sentRow.written) {
        assertThat(held.get(key)).as("written").isGreaterThanOrEqualTo(numberOf(sentRow.row));
      }
    }
  }
}
