package io.batchflow.backup;

import java.util.List;

/**
 * The table of a backup. Immutable.
 *
 * @param name the name that the caller gave
 * @param quoted the real name, quoted and qualified
 * @param columns the columns, without those that the database computes
 */
record Shape(String name, String quoted, List<BackupColumn> columns) {

  /**
   * Stands before each column that is read. Otherwise ORDER BY may mean the text that PostgreSQL
   * gives the same name.
   */
  static final String ALIAS = "t.";

  List<BackupColumn> key() {
    return columns.stream().filter(BackupColumn::key).toList();
  }
}
