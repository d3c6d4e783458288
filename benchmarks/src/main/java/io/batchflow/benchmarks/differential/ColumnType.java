package io.batchflow.benchmarks.differential;

/**
 * A type of one database.
 *
 * @param sql the type in the definition of a table, with its collation
 * @param cast the type without a length, to which a plain statement casts a text
 * @param own the Java class that corresponds to the type
 * @param key whether the type may be part of a key
 * @param generated whether the database generates a value in place of some, such as 0 or null
 */
record ColumnType(
    String sql, String cast, Kind kind, Class<?> own, boolean key, boolean generated) {

  static ColumnType type(String sql, String cast, Kind kind, Class<?> own) {
    return new ColumnType(sql, cast, kind, own, true, false);
  }

  static ColumnType noKey(String sql, String cast, Kind kind, Class<?> own) {
    return new ColumnType(sql, cast, kind, own, false, false);
  }

  static ColumnType generated(String sql, String cast) {
    return new ColumnType(sql, cast, Kind.INTEGER, Long.class, true, true);
  }
}
