package io.batchflow.catalog;

import io.batchflow.InvalidConfigurationException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** Settings as the lines of a properties file: for files, and for stores that keep one text. */
public final class SettingsText {

  private SettingsText() {}

  /** Returns the settings that are set, one a line, sorted by key. */
  public static String of(TableSettings settings) {
    Properties properties = new Properties();
    properties.putAll(settings.asMap());
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    // The comment has the time, so equal settings would differ.
    return text.toString()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  /**
   * Returns the settings of a text.
   *
   * @throws InvalidConfigurationException if a key is unknown, or a value invalid
   */
  public static TableSettings parse(String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    Map<String, String> settings = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
    return TableSettings.of(settings);
  }
}
