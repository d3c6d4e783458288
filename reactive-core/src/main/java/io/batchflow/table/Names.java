package io.batchflow.table;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of columns and properties. */
final class Names {

  private static final Pattern WORD =
      Pattern.compile("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

  private Names() {}

  /** Returns {@code order_id} for {@code orderId}, and {@code http_url} for {@code HTTPUrl}. */
  static String snakeCase(String name) {
    return WORD.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
  }

  /** Returns the property of a getter, as {@code java.beans} does: {@code URL} stays. */
  static String decapitalized(String name) {
    boolean acronym =
        name.length() > 1
            && Character.isUpperCase(name.charAt(0))
            && Character.isUpperCase(name.charAt(1));
    return acronym ? name : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
