package io.batchflow.catalog;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.catalog.SettingInfo.Kind;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a setting may be, and how it is spelled. Immutable. */
final class SettingType<T> {

  private static final Pattern PLAIN = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Class<T> type;
  private final Kind kind;
  private final String accepted;
  private final Function<String, T> parser;
  private final Predicate<T> check;
  private final @Nullable Long least;
  private final @Nullable Long most;

  private SettingType(
      Class<T> type, Kind kind, String accepted, Function<String, T> parser, Predicate<T> check) {
    this(type, kind, accepted, parser, check, null, null);
  }

  private SettingType(
      Class<T> type,
      Kind kind,
      String accepted,
      Function<String, T> parser,
      Predicate<T> check,
      @Nullable Long least,
      @Nullable Long most) {
    this.type = type;
    this.kind = kind;
    this.accepted = accepted;
    this.parser = parser;
    this.check = check;
    this.least = least;
    this.most = most;
  }

  static SettingType<Integer> number(int least, int most) {
    return new SettingType<>(
        Integer.class,
        Kind.NUMBER,
        "a number from " + least + " to " + most,
        Integer::valueOf,
        value -> value >= least && value <= most,
        (long) least,
        (long) most);
  }

  static SettingType<Long> positiveLong() {
    return new SettingType<>(
        Long.class,
        Kind.NUMBER,
        "a number of at least 1",
        Long::valueOf,
        value -> value > 0,
        1L,
        Long.MAX_VALUE);
  }

  static SettingType<Double> share() {
    return new SettingType<>(
        Double.class,
        Kind.FRACTION,
        "a number above 0, at most 1",
        Double::valueOf,
        value -> value > 0 && value <= 1,
        0L,
        1L);
  }

  static SettingType<Boolean> flag() {
    return new SettingType<>(
        Boolean.class, Kind.FLAG, "true or false", SettingType::parseFlag, value -> true);
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
        Kind.TIME,
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
    return new SettingType<>(
        type,
        Kind.CHOICE,
        String.join(" or ", choices(type)),
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)),
        value -> true);
  }

  /** Returns the words of an enum; none of another type. */
  private static List<String> choices(Class<?> type) {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants()).map(SettingType::print).toList()
        : List.of();
  }

  SettingInfo info(String key, String description) {
    return new SettingInfo(key, description, kind, accepted, least, most, choices(type));
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
    if (!check.test(value)) {
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
