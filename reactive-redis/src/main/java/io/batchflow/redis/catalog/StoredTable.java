package io.batchflow.redis.catalog;

import io.batchflow.catalog.SettingsText;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableStatus;
import java.time.Instant;

/**
 * A table as a text: a line with its generation, its status and its times in milliseconds since
 * 1970, and its settings as lines of properties.
 */
final class StoredTable {

  private StoredTable() {}

  /** Returns what follows the generation and a space. */
  static String withoutGeneration(TableInfo table) {
    return table.status()
        + " "
        + table.createdAt().toEpochMilli()
        + " "
        + table.changedAt().toEpochMilli()
        + "\n"
        + SettingsText.of(table.settings());
  }

  static TableInfo parse(String name, String text) {
    int end = text.indexOf('\n');
    String[] parts = text.substring(0, end).split(" ", -1);
    return new TableInfo(
        name,
        TableStatus.valueOf(parts[1]),
        SettingsText.parse(text.substring(end + 1)),
        Long.parseLong(parts[0]),
        Instant.ofEpochMilli(Long.parseLong(parts[2])),
        Instant.ofEpochMilli(Long.parseLong(parts[3])));
  }
}
