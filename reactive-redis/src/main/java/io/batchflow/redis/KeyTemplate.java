package io.batchflow.redis;

import io.batchflow.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.List;

/**
 * Text with columns in braces, as in {@code event:{tenant}:{id}}. A brace itself is doubled, as in
 * the hash tags of Redis Cluster: {@code {{{tenant}}}:{id}}.
 *
 * @param texts the text before each column, and after the last one
 * @param columns the columns between them
 */
record KeyTemplate(List<String> texts, List<String> columns) {

  KeyTemplate {
    texts = List.copyOf(texts);
    columns = List.copyOf(columns);
  }

  /**
   * Parses a template.
   *
   * @throws InvalidConfigurationException if its braces do not match
   */
  static KeyTemplate parse(String template) {
    List<String> texts = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < template.length()) {
      char c = template.charAt(i);
      boolean doubled = i + 1 < template.length() && template.charAt(i + 1) == c;
      if (c != '{' && c != '}') {
        text.append(c);
        i++;
      } else if (doubled) {
        text.append(c);
        i += 2;
      } else {
        int end = template.indexOf('}', i);
        check(c == '{' && end > i + 1, template);
        texts.add(text.toString());
        text.setLength(0);
        columns.add(template.substring(i + 1, end));
        i = end + 1;
      }
    }
    texts.add(text.toString());
    return new KeyTemplate(texts, columns);
  }

  private static void check(boolean holds, String template) {
    if (!holds) {
      throw new InvalidConfigurationException(
          "map",
          "has the template '" + template + "', whose braces name no column",
          "Write a column as {column}, and a brace itself as {{ or }}");
    }
  }

  /** Returns whether the template is a single column and nothing else. */
  boolean isOneColumn() {
    return columns.size() == 1 && texts.stream().allMatch(String::isEmpty);
  }
}
