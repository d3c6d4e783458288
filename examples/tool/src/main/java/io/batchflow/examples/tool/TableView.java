package io.batchflow.examples.tool;

import io.batchflow.catalog.SettingInfo;
import io.batchflow.catalog.SettingInfo.Kind;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tables of a catalog as they are printed. */
final class TableView {

  private static final Map<String, Kind> KINDS =
      TableSettings.known().stream().collect(Collectors.toMap(SettingInfo::key, SettingInfo::kind));

  private static final List<Map.Entry<String, Long>> UNITS =
      List.of(
          Map.entry("d", 86_400_000L),
          Map.entry("h", 3_600_000L),
          Map.entry("m", 60_000L),
          Map.entry("s", 1_000L));

  private TableView() {}

  /** Returns the few fields of a list. */
  static Map<String, @Nullable Object> line(TableInfo table, TableSettings defaults) {
    Map<String, String> settings = table.settings().withDefaults(defaults).asMap();
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("name", table.name());
    line.put("status", table.status().name());
    for (String key :
        List.of("buffer_size", "flush_interval", "retention_days", "backup_enabled")) {
      line.put(key, typed(key, settings.get(key)));
    }
    return line;
  }

  /** Returns all fields, with the settings that are set. */
  static Map<String, @Nullable Object> all(TableInfo table) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("name", table.name());
    all.put("status", table.status().name());
    all.put("generation", table.generation());
    all.put("created_at", table.createdAt().toString());
    all.put("changed_at", table.changedAt().toString());
    Map<String, @Nullable Object> config = new TreeMap<>();
    table.settings().asMap().forEach((key, text) -> config.put(key, typed(key, text)));
    all.put("config", config);
    return all;
  }

  /** Returns each setting with its value and where that comes from. */
  static List<Map<String, @Nullable Object>> settings(TableInfo table, TableSettings defaults) {
    Map<String, String> own = table.settings().asMap();
    Map<String, String> all = new TreeMap<>(table.settings().withDefaults(defaults).asMap());
    List<Map<String, @Nullable Object>> lines = new ArrayList<>();
    for (SettingInfo setting : TableSettings.known()) {
      lines.add(line(setting.key(), all.remove(setting.key()), own));
    }
    all.forEach((key, value) -> lines.add(line(key, value, own)));
    return lines;
  }

  private static Map<String, @Nullable Object> line(
      String key, @Nullable String text, Map<String, String> own) {
    Map<String, @Nullable Object> line = new LinkedHashMap<>();
    line.put("setting", key);
    line.put("value", typed(key, text));
    line.put("from", own.containsKey(key) ? "table" : text == null ? "flow" : "defaults");
    return line;
  }

  private static @Nullable Object typed(String key, @Nullable String text) {
    Kind kind = KINDS.get(key);
    if (text == null || kind == null) {
      return text;
    }
    return switch (kind) {
      case NUMBER -> Long.valueOf(text);
      case FRACTION -> Double.valueOf(text);
      case FLAG -> Boolean.valueOf(text);
      case TIME -> time(Duration.parse(text));
      case CHOICE -> text;
    };
  }

  /** Returns a time as people write it, in its largest unit. */
  private static String time(Duration time) {
    if (time.toNanosPart() % 1_000_000 != 0) {
      return time.toString();
    }
    long millis = time.toMillis();
    for (Map.Entry<String, Long> unit : UNITS) {
      if (millis > 0 && millis % unit.getValue() == 0) {
        return millis / unit.getValue() + unit.getKey();
      }
    }
    return millis + "ms";
  }
}
