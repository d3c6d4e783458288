package io.batchflow.internal.log;

import io.batchflow.spi.Printable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of the log: a readable text, and the same data as keys and values. Not thread-safe. */
public final class LogLine {

  /** The level of a line. */
  enum Level {
    INFO,
    WARN,
    ERROR
  }

  private final Level level;
  private final @Nullable Throwable cause;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private String text;

  private LogLine(Level level, String change, String text, @Nullable Throwable cause) {
    this.level = level;
    this.text = Printable.line(text);
    this.cause = cause;
    values.put("change", change);
  }

  /**
   * Begins a line.
   *
   * @param change a stable name of the event; the text may change between versions
   */
  static LogLine info(String change, String text) {
    return new LogLine(Level.INFO, change, text, null);
  }

  /** Begins a warning. */
  static LogLine warn(String change, String text) {
    return new LogLine(Level.WARN, change, text, null);
  }

  /** Begins a line with a stack trace. */
  static LogLine error(String change, String text, Throwable cause) {
    return new LogLine(Level.ERROR, change, text, cause);
  }

  LogLine with(String key, Object value) {
    values.put(key, value instanceof String text ? Printable.line(text) : value);
    return this;
  }

  /** Adds how many lines of this kind were left out before. */
  LogLine after(long leftOut) {
    if (leftOut > 0) {
      text += " (" + leftOut + " similar lines before it were left out)";
      values.put("left_out", leftOut);
    }
    return this;
  }

  Level level() {
    return level;
  }

  String text() {
    return text;
  }

  /** Returns the values, in the order in which they were added. */
  public Map<String, Object> values() {
    return Collections.unmodifiableMap(values);
  }

  @Nullable Throwable cause() {
    return cause;
  }
}
