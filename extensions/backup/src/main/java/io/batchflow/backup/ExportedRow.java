package io.batchflow.backup;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A row that was read.
 *
 * @param line its line, with the end
 * @param key the texts of its primary key
 */
record ExportedRow(String line, List<String> key) {

  byte[] bytes() {
    return line.getBytes(StandardCharsets.UTF_8);
  }
}
