package io.batchflow.r2dbc.outbox;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Headers as a text with a line for each, {@code name:value}. */
final class Headers {

  private Headers() {}

  static String write(Map<String, String> headers) {
    return headers.entrySet().stream()
        .map(header -> header.getKey() + ":" + header.getValue())
        .collect(Collectors.joining("\n"));
  }

  static Map<String, String> parse(String text) {
    Map<String, String> headers = new TreeMap<>();
    text.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              headers.put(line.substring(0, colon), line.substring(colon + 1));
            });
    return headers;
  }
}
