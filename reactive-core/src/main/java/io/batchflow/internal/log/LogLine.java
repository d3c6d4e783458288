package io.batchflow.internal.log;

import io.batchflow.spi.Printable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the log: a text that can be read by itself, and what it says as keys and values, for
 * those who search. Used by one thread.
 */
public final class LogLine {

  /** How much a line matters. */
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
   * @param change names it for good, where the text may be put better one day
   */
  static LogLine info(String change, String text) {
    return new LogLine(Level.INFO, change, text, null);
  }

  /** Begins a line that somebody should look at. */
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

  /** Says how many lines like it were left out before. */
  LogLine after(long leftOut) {
    if (leftOut > 0) {
      text += " (" + leftOut + " such lines before it were left out)";
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
