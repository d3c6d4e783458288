package io.batchflow.catalog;

import io.batchflow.InvalidConfigurationException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a setting may be, and how it is spelled. Immutable. */
final class SettingType<T> {

  private static final Pattern PLAIN = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Class<T> type;
  private final String accepted;
  private final Function<String, T> parser;
  private final Function<T, Boolean> check;

  private SettingType(
      Class<T> type, String accepted, Function<String, T> parser, Function<T, Boolean> check) {
    this.type = type;
    this.accepted = accepted;
    this.parser = parser;
    this.check = check;
  }

  static SettingType<Integer> number(int least, int most) {
    return new SettingType<>(
        Integer.class,
        "a number from " + least + " to " + most,
        Integer::valueOf,
        value -> value >= least && value <= most);
  }

  static SettingType<Long> positiveLong() {
    return new SettingType<>(Long.class, "a number of at least 1", Long::valueOf, v -> v > 0);
  }

  static SettingType<Boolean> flag() {
    return new SettingType<>(Boolean.class, "true or false", SettingType::parseFlag, value -> true);
  }

  private static Boolean parseFlag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  static SettingType<Duration> time(boolean mayBeZero) {
    return new SettingType<>(
        Duration.class,
        "a time "
            + (mayBeZero ? "from zero" : "longer than zero")
            + " to a day, such as 500ms or 10s",
        SettingType::parseTime,
        value ->
            !value.isNegative() && value.compareTo(LONGEST) <= 0 && (mayBeZero || !value.isZero()));
  }

  private static Duration parseTime(String text) {
    Matcher plain = PLAIN.matcher(text);
    if (!plain.matches()) {
      return Duration.parse(text);
    }
    long number = Long.parseLong(plain.group(1));
    return switch (plain.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  static <E extends Enum<E>> SettingType<E> choice(Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" or "));
    return new SettingType<>(
        type, names, text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)), value -> true);
  }

  /** Returns the value as this type. */
  T cast(Object value) {
    return type.cast(value);
  }

  T parse(String key, String text) {
    T value;
    try {
      value = parser.apply(text.strip());
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException notOne) {
      throw refused(key, text);
    }
    return checked(key, value);
  }

  T checked(String key, T value) {
    if (!check.apply(value)) {
      throw refused(key, print(value));
    }
    return value;
  }

  private InvalidConfigurationException refused(String key, String value) {
    return new InvalidConfigurationException(key, "is '" + value + "'", "Give " + accepted);
  }

  static String print(Object value) {
    return value instanceof Enum<?> choice
        ? choice.name().toLowerCase(Locale.ROOT)
        : value.toString();
  }
}
