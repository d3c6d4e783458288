package io.batchflow.benchmarks.differential;

/**
 * A type of one database.
 *
 * @param sql the type in the definition of a table, with its collation
 * @param cast the type without a length, to which a plain statement casts a text
 * @param own the Java class that corresponds to the type
 * @param key whether the type may be part of a key
 */
record ColumnType(String sql, String cast, Kind kind, Class<?> own, boolean key) {

  static ColumnType type(String sql, String cast, Kind kind, Class<?> own) {
    return new ColumnType(sql, cast, kind, own, true);
  }

  static ColumnType noKey(String sql, String cast, Kind kind, Class<?> own) {
    return new ColumnType(sql, cast, kind, own, false);
  }
}
