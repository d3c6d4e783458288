package io.batchflow.examples;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads times as people write them: {@code 20ms}, {@code 1.5s}, {@code 2m}. */
final class DurationConverter implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    try {
      return text.endsWith("ms")
          ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
          : Duration.parse("PT" + text);
    } catch (NumberFormatException | DateTimeParseException unreadable) {
      throw new TypeConversionException("'" + text + "' is no time, as 20ms, 1.5s or 2m are");
    }
  }
}
