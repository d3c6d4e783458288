package io.batchflow.catalog;

import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The options of a catalog, with their defaults and checks. */
final class CatalogOptions {

  private static final int LONGEST_NAME = 190;
  private static final Duration LONGEST = Duration.ofHours(1);

  final CatalogStore store;
  TableSettings defaults = TableSettings.none();
  @Nullable String defaultTable;
  int maxTables = 1_000;
  Pattern namePattern = Pattern.compile("^[a-zA-Z][a-zA-Z0-9_]{0,63}$");
  Duration pollInterval = Duration.ofMillis(500);
  Duration readTimeout = Duration.ofSeconds(10);
  Scheduler scheduler = Schedulers.parallel();

  CatalogOptions(CatalogStore store) {
    this.store = given("store", store);
  }

  CatalogOptions copy() {
    CatalogOptions copy = new CatalogOptions(store);
    copy.defaults = defaults;
    copy.defaultTable = defaultTable;
    copy.maxTables = maxTables;
    copy.namePattern = namePattern;
    copy.pollInterval = pollInterval;
    copy.readTimeout = readTimeout;
    copy.scheduler = scheduler;
    return copy;
  }

  /** Returns the name of the default table. */
  String defaultTable() {
    if (defaultTable == null) {
      throw new InvalidConfigurationException(
          "defaultTable", "is not set, but rows name no table", "Set it, or name the table");
    }
    return defaultTable;
  }

  void checkName(String name) {
    boolean fits = name.length() <= LONGEST_NAME && name.equals(name.strip());
    if (!fits || !namePattern.matcher(name).matches()) {
      throw new InvalidConfigurationException(
          "name",
          "is '" + name + "'",
          "Give at most " + LONGEST_NAME + " characters that match " + namePattern.pattern());
    }
  }

  static int number(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new InvalidConfigurationException(
          option, "is " + value, "Give a number from 1 to " + most);
    }
    return value;
  }

  static Pattern pattern(String option, String regex) {
    try {
      return Pattern.compile(given(option, regex));
    } catch (PatternSyntaxException invalid) {
      throw new InvalidConfigurationException(
          option, "is '" + regex + "'", "Give a regular expression of Java");
    }
  }

  static Duration time(String option, Duration value) {
    if (given(option, value).toMillis() < 1 || value.compareTo(LONGEST) > 0) {
      throw new InvalidConfigurationException(
          option, "is " + value, "Give a time from a millisecond to an hour");
    }
    return value;
  }

  static <T> T given(String option, @Nullable T value) {
    if (value == null) {
      throw new InvalidConfigurationException(option, "is null", "Give a value");
    }
    return value;
  }
}
