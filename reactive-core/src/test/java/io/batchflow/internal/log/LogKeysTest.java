package io.batchflow.internal.log;

import static io.batchflow.Rows.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.stats.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.spi.LoggingEventAware;

/** The keys and values of log lines, as a backend of SLF4J receives them. */
class LogKeysTest {

  private final Backend backend = new Backend();
  private final Clock clock = new Clock();
  private final Throwable failure = new IllegalStateException("s3cr3t");
  private final FlowLog log = new FlowLog(clock, new Slf4jLog(backend));

  @Test
  void writesThatFailAndThatSucceedAgain() {
    log.failing(EVENTS, FailureKind.TRANSIENT, failure);
    log.recovered(EVENTS, 30, Duration.ofSeconds(45));

    assertThat(backend.lines)
        .containsExactly(
            "WARN Writes to table 'events' fail: TRANSIENT, java.lang.IllegalStateException"
                + " | change=failing table=events kind=TRANSIENT"
                + " error_type=java.lang.IllegalStateException",
            "WARN Writes to table 'events' succeed again, after 30 failures in PT45S"
                + " | change=recovered table=events failures=30 lasted_ms=45000");
  }

  @Test
  void whatIsTurnedAwayOrLost() {
    log.full(EVENTS);
    log.pausedTableFull(EVENTS);
    log.shareTaken(EVENTS);
    log.lateWrite(EVENTS);
    log.letterLost(EVENTS, failure);
    log.listenerFailed(failure);

    assertThat(backend.lines)
        .containsExactly(
            "WARN BatchFlow is full: submissions to table 'events' are turned away"
                + " | change=full table=events",
            "WARN Paused table 'events' is full: submissions to it are turned away"
                + " | change=paused_table_full table=events",
            "WARN Submissions to table 'events' are turned away, as the table has its share of the"
                + " flow | change=share_taken table=events",
            "WARN A write to table 'events' was cancelled and may still be applied, over newer rows"
                + " of its keys | change=late_write table=events",
            "WARN A rejected row of table 'events' could not be stored:"
                + " java.lang.IllegalStateException"
                + " | change=dead_letter_lost table=events error_type=java.lang.IllegalStateException",
            "WARN A BatchListener failed: java.lang.IllegalStateException"
                + " | change=listener_failed error_type=java.lang.IllegalStateException");
  }

  @Test
  void theEnd() {
    log.closedAtDeadline(7);
    log.closed(new Ledger(21, 1, 2, 3, 4, 5, 6));
    log.writerNotClosed(failure);

    assertThat(backend.lines)
        .containsExactly(
            "WARN BatchFlow closed at its deadline with 7 rows not sent or without a result"
                + " | change=closed_at_deadline rows=7",
            "INFO BatchFlow closed: 21 admitted, 1 written, 2 rejected, 3 invalid, 4 unknown, 5 not sent,"
                + " 6 withdrawn | change=closed admitted=21 written=1 rejected=2 invalid=3"
                + " unknown=4 not_sent=5 withdrawn=6",
            "WARN The BatchWriter failed to close: java.lang.IllegalStateException"
                + " | change=writer_not_closed error_type=java.lang.IllegalStateException");
  }

  @Test
  void aFaultOfOursComesWithItsTrace() {
    IllegalStateException fault = new IllegalStateException();

    log.fault(new Submission.Cancellation((rows, from, to, sealedAt) -> {}), fault);

    assertThat(backend.lines)
        .containsExactly(
            "ERROR BatchFlow failed to handle Cancellation"
                + " | change=fault error_type=java.lang.IllegalStateException");
    assertThat(backend.cause).isSameAs(fault);
  }

  @Test
  void theDocsListEveryLineWithItsKeys() throws IOException {
    log.failing(EVENTS, FailureKind.TRANSIENT, failure);
    log.recovered(EVENTS, 30, Duration.ofSeconds(45));
    log.full(EVENTS);
    log.pausedTableFull(EVENTS);
    log.shareTaken(EVENTS);
    log.lateWrite(EVENTS);
    log.letterLost(EVENTS, failure);
    log.listenerFailed(failure);
    log.closedAtDeadline(7);
    log.writerNotClosed(failure);
    log.closed(new Ledger(21, 1, 2, 3, 4, 5, 6));
    log.fault(
        new Submission.Cancellation((rows, from, to, sealedAt) -> {}), new IllegalStateException());

    assertThat(backend.lines)
        .extracting(line -> line.replaceAll("^.* \\| change=", "").replaceAll("=\\S+", ""))
        .containsExactlyElementsOf(documented());
  }

  /** Returns the first and the last column of the table of lines in the docs. */
  private static List<String> documented() throws IOException {
    return Files.readString(Path.of("../docs/metrics.md"))
        .lines()
        .dropWhile(line -> !line.equals("## Log"))
        .takeWhile(line -> !line.equals("## Micrometer"))
        .filter(line -> line.startsWith("| `") && !line.startsWith("| `change`"))
        .map(line -> line.replaceAll("^\\| `(\\w+)` .*\\| (.*) \\|$", "$1 $2"))
        .map(line -> line.replaceAll("[`,]", ""))
        .toList();
  }

  @Test
  void aLineSaysHowManyLikeItWereLeftOut() {
    for (int i = 0; i < 100; i++) {
      log.full(EVENTS);
    }
    assertThat(backend.lines).hasSize(1);

    clock.now += Duration.ofMinutes(1).toNanos();
    log.full(EVENTS);

    assertThat(backend.lines.get(1))
        .endsWith(
            " are turned away (99 similar lines before it were left out)"
                + " | change=full table=events left_out=99");
  }

  @Test
  void whatLooksLikeAPlaceholderIsLeftAsItIs() {
    log.full(Schema.table("a {} b").columns("id").build());

    assertThat(backend.lines.get(0))
        .startsWith("WARN BatchFlow is full: submissions to table 'a {} b' are turned away");
  }

  @Test
  void aLevelThatIsOffIsNotWritten() {
    backend.least = Level.ERROR;

    log.full(EVENTS);

    assertThat(backend.lines).isEmpty();
  }

  private static final class Clock implements EventLoop {

    long now;

    @Override
    public void start(Pass pass) {}

    @Override
    public void wake() {}

    @Override
    public long now() {
      return now;
    }

    @Override
    public void stop() {}
  }

  /** Keeps the level, the message and the pairs of each line. */
  private static final class Backend extends LegacyAbstractLogger implements LoggingEventAware {

    final transient List<String> lines = new ArrayList<>();
    transient @Nullable Throwable cause;
    transient Level least = Level.INFO;

    @Override
    public void log(LoggingEvent event) {
      String pairs =
          event.getKeyValuePairs().stream()
              .map(pair -> pair.key + "=" + pair.value)
              .collect(Collectors.joining(" "));
      assertThat(event.getArguments()).isNullOrEmpty();
      lines.add(event.getLevel() + " " + event.getMessage() + " | " + pairs);
      cause = event.getThrowable();
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String message, Object[] arguments, Throwable thrown) {
      throw new AssertionError("a line without keys: " + message);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return Backend.class.getName();
    }

    private boolean isOn(Level level) {
      return level.toInt() >= least.toInt();
    }

    @Override
    public boolean isTraceEnabled() {
      return isOn(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
      return isOn(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
      return isOn(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
      return isOn(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
      return isOn(Level.ERROR);
    }
  }
}
