package io.batchflow.examples;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes ISO-8601 durations, with or without their PT, and milliseconds as {@code 10ms}. */
final class DurationConverter implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    String upper = text.trim().toUpperCase(Locale.ROOT);
    try {
      if (upper.endsWith("MS")) {
        return Duration.ofMillis(Long.parseLong(upper.substring(0, upper.length() - 2)));
      }
      return Duration.parse(upper.startsWith("P") ? upper : "PT" + upper);
    } catch (DateTimeParseException | NumberFormatException mismatch) {
      throw new TypeConversionException("'" + text + "' is not a time such as 10ms, 2s or PT0.5S");
    }
  }
}
