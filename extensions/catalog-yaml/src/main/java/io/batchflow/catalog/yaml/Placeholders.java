package io.batchflow.catalog.yaml;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fills in variables. What is filled in is not looked at again. */
final class Placeholders {

  /** A plain sign, or a variable with or without a default. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$(\\$\\{)|\\$\\{([A-Za-z_][A-Za-z0-9_.]*)(?::([^}]*))?}|\\$\\{");

  private Placeholders() {}

  static String fill(Entry entry, Function<String, @Nullable String> variables) {
    Matcher found = PLACEHOLDER.matcher(entry.text());
    StringBuilder filled = new StringBuilder();
    while (found.find()) {
      String text = found.group(1) == null ? value(entry, found, variables) : found.group(1);
      found.appendReplacement(filled, Matcher.quoteReplacement(text));
    }
    return found.appendTail(filled).toString();
  }

  private static String value(
      Entry entry, Matcher found, Function<String, @Nullable String> variables) {
    String name = found.group(2);
    if (name == null) {
      throw entry.refused(
          "is '" + entry.text() + "'",
          "Give a variable as ${NAME} or ${NAME:default}, or $${ for ${");
    }
    String value = variables.apply(name);
    String result = value == null ? found.group(3) : value;
    if (result == null) {
      throw entry.refused(
          "is '" + entry.text() + "', and there is no variable " + name,
          "Set it, or give a default: ${" + name + ":...}");
    }
    return result;
  }
}
