package io.batchflow.examples.tool;

import io.batchflow.catalog.SettingInfo;
import io.batchflow.catalog.TableSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Settings of a table, by the keys of the docs. */
final class SettingOptions {

  @Option(
      names = "--set",
      paramLabel = "SETTING=VALUE",
      description = {
        "A setting such as buffer_size=5000, flush_interval=10s or properties.owner=sales.",
        "May be repeated"
      })
  private Map<String, String> set = new LinkedHashMap<>();

  boolean isEmpty() {
    return set.isEmpty();
  }

  TableSettings settings() {
    return TableSettings.of(set);
  }

  /** Returns settings with these, and without those of some keys. */
  TableSettings applyTo(TableSettings present, Iterable<String> unset) {
    Map<String, String> texts = new LinkedHashMap<>(present.asMap());
    for (String key : unset) {
      check(key);
      texts.remove(key);
    }
    texts.putAll(set);
    return TableSettings.of(texts);
  }

  private static void check(String key) {
    boolean known =
        key.startsWith("properties.")
            || TableSettings.known().stream().anyMatch(setting -> setting.key().equals(key));
    if (!known) {
      throw ToolException.usage(
          "The setting '"
              + key
              + "' is unknown. Did you mean "
              + SettingInfo.nearest(key).key()
              + "?");
    }
  }
}
