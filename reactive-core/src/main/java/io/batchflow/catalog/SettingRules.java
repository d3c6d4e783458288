package io.batchflow.catalog;

import io.batchflow.InvalidConfigurationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** What settings may be together, and properties so that each store can keep them. */
final class SettingRules {

  private static final int MOST = 32;
  private static final int LONGEST = 1_000;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");

  private SettingRules() {}

  static void check(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidConfigurationException(
          "properties",
          "has the name '" + name + "'",
          "Give 1 to 64 letters, digits, dots, hyphens and underscores");
    }
    if (value.length() > LONGEST) {
      throw refused(name, "is longer than " + LONGEST + " characters", "Shorten it");
    }
    boolean plain = value.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t');
    if (!plain || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw refused(name, "has a character that cannot be stored", "Give printable text");
    }
  }

  static TableSettings checked(TableSettings settings) {
    check(settings.properties());
    Duration interval = settings.flushInterval();
    Duration timeout = settings.deliveryTimeout();
    if (interval != null && timeout != null && interval.compareTo(timeout) >= 0) {
      throw new InvalidConfigurationException(
          Setting.FLUSH_INTERVAL.key,
          "(" + interval + ") is not shorter than delivery_timeout (" + timeout + ")",
          "Rows would expire in their window: lower the one or raise the other");
    }
    return settings;
  }

  private static void check(Map<String, String> properties) {
    if (properties.size() > MOST) {
      throw new InvalidConfigurationException(
          "properties",
          "has " + properties.size() + " entries",
          "Give at most " + MOST + ": the catalog is no store for data");
    }
  }

  private static InvalidConfigurationException refused(String name, String problem, String remedy) {
    return new InvalidConfigurationException("properties." + name, problem, remedy);
  }
}
