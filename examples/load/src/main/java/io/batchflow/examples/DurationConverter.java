package io.batchflow.examples;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations such as {@code 20ms}, {@code 1.5s} and {@code 2m}. */
final class DurationConverter implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    try {
      return text.endsWith("ms")
          ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
          : Duration.parse("PT" + text);
    } catch (NumberFormatException | DateTimeParseException unreadable) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration such as 20ms, 1.5s or 2m");
    }
  }
}
