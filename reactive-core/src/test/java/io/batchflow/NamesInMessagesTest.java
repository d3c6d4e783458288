package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.batchflow.spi.Printable;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** A message or log line never contains a control character of a name. */
class NamesInMessagesTest {

  private static final String TABLE = "orders\nWARN all is lost\u001b[2K\u2028";
  private static final String COLUMN = "id\r\u202etxet";

  private static final Schema SCHEMA =
      Schema.tablePath(TABLE).columns(COLUMN, "value").required(COLUMN).build();

  private final CapturedLog log = new CapturedLog();

  @AfterEach
  void release() {
    log.close();
  }

  private static void assertPrintable(String text) {
    assertThat(text).isEqualTo(Printable.line(text)).doesNotContain("\n", "\u001b", "\u202e");
  }

  @Test
  void anExceptionNamesThemOnOneLine() {
    Row row = SCHEMA.row().set(COLUMN, 1);
    Stream.of(
            catchThrowable(() -> SCHEMA.row().set("no\nsuch", 1)),
            catchThrowable(() -> SCHEMA.row().freeze()),
            catchThrowable(() -> Schema.tablePath(TABLE).columns(COLUMN, COLUMN).build()),
            catchThrowable(() -> Schema.tablePath(TABLE).columns("a").conflictKey(COLUMN).build()),
            catchThrowable(() -> new Batch(Rows.EVENTS, List.of(row))),
            catchThrowable(() -> row.mergedWith(Rows.event(1))),
            FlowClosedException.notSent(TABLE),
            UnknownOutcomeException.noVerdict(TABLE, new IllegalStateException()),
            new RowRejectedException(TABLE, 1, new IllegalStateException()),
            new BatchWriteException(TABLE, 1, 1, new IllegalStateException()),
            new RowExpiredException(TABLE, Duration.ofSeconds(1)),
            QueueFullException.atOnce(TABLE, 1),
            InvalidRowException.unreadable(TABLE, COLUMN, new IllegalStateException()))
        .forEach(failure -> assertPrintable(failure.getMessage()));
  }

  @Test
  void aTextOfAModelObjectNamesThemOnOneLine() {
    Row row = SCHEMA.row().set(COLUMN, 1).freeze();
    FlowClosedException error = FlowClosedException.notSent(TABLE);

    Stream.of(SCHEMA, row, new Batch(SCHEMA, List.of(row)), Outcome.failed(row, error))
        .forEach(object -> assertPrintable(object.toString()));
  }

  @Test
  void aLogLineNamesThemOnOneLine() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    RecordingWriter writer = RecordingWriter.create();
    for (int attempt = 1; attempt <= 3; attempt++) {
      writer.failing(attempt, RecordingWriter.failure(FailureKind.TRANSIENT));
    }
    BatchFlow flow =
        Rows.flow(writer, time).retry(Retry.fixedDelay(5, Duration.ofSeconds(1))).build();

    Rows.watch(flow.submitAll(Flux.just(SCHEMA.row().set(COLUMN, 1))).then());
    time.advanceTimeBy(Duration.ofMinutes(1));

    assertThat(log.lines()).hasSizeGreaterThan(1).anyMatch(line -> line.contains("orders\\u000a"));
    log.lines().forEach(NamesInMessagesTest::assertPrintable);
  }
}
