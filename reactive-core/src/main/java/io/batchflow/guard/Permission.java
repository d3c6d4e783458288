package io.batchflow.guard;

import io.batchflow.InvalidConfigurationException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tables, and what may be done with them. */
record Permission(Pattern tables, Set<Access> accesses) {

  private static final String ALL = "*";

  /**
   * Reads {@code table:orders:write} or {@code *}.
   *
   * @throws InvalidConfigurationException if it is neither
   */
  static Permission parse(String role, String text) {
    if (text.equals(ALL)) {
      return new Permission(glob(ALL), EnumSet.allOf(Access.class));
    }
    String[] parts = text.split(":", -1);
    if (parts.length != 3 || !parts[0].equals("table") || parts[1].isEmpty()) {
      throw refused(role, text);
    }
    return new Permission(glob(parts[1]), accesses(role, text, parts[2]));
  }

  private static Set<Access> accesses(String role, String text, String access) {
    if (access.equals(ALL)) {
      return EnumSet.allOf(Access.class);
    }
    return Arrays.stream(Access.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(access))
        .findFirst()
        .map(EnumSet::of)
        .orElseThrow(() -> refused(role, text));
  }

  private static InvalidConfigurationException refused(String role, String text) {
    return new InvalidConfigurationException(
        "role",
        "'" + role + "' has the permission '" + text + "'",
        "Give table:NAME:ACCESS, where * in the name is any text, and the access is read, write,"
            + " admin or *; or give * for everything");
  }

  private static Pattern glob(String name) {
    return Pattern.compile(
        Arrays.stream(name.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }

  boolean allows(Access access, String table) {
    return accesses.contains(access) && tables.matcher(table).matches();
  }
}
