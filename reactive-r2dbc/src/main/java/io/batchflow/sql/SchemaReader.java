package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import java.util.List;
import java.util.Set;

/** Makes the schema of a table from its columns and keys. */
final class SchemaReader {

  private final Schema name;
  private final TableResolver table;
  private final ConflictStrategy onConflict;

  /**
   * @param name a schema with the name of the table; its columns do not count
   */
  SchemaReader(Schema name, List<CatalogRow> rows, ConflictStrategy onConflict) {
    this.name = name;
    this.table = TableResolver.of(name, rows);
    this.onConflict = onConflict;
  }

  /** Returns the schema, as {@link SqlTable#schemaOf} describes. */
  Schema read(List<String> wantedKey) {
    Set<SqlColumn> key = Set.copyOf(wantedKey.isEmpty() ? key() : table.columns(wantedKey));
    List<SqlColumn> columns =
        table.columns().stream()
            .filter(column -> !column.generated() || key.contains(column))
            .toList();
    if (columns.isEmpty()) {
      throw SqlTable.failure(
          name,
          List.of("the database generates all of its columns"),
          "Build a Schema with those that rows set");
    }
    return Schema.tablePath(name.tablePath().toArray(String[]::new))
        .columns(names(columns))
        .conflictKey(names(columns.stream().filter(key::contains).toList()))
        .onConflict(onConflict)
        .required(
            names(columns.stream().filter(SqlColumn::required).toList()).toArray(String[]::new))
        .build();
  }

  private static List<String> names(List<SqlColumn> columns) {
    return columns.stream().map(SqlColumn::name).toList();
  }

  /**
   * Returns the primary key; if there is none, the only unique key, where the strategy needs it.
   */
  private List<SqlColumn> key() {
    List<SqlColumn> primary = table.primaryKey();
    boolean overwrites =
        onConflict == ConflictStrategy.UPDATE || onConflict == ConflictStrategy.REPLACE;
    if (!overwrites && primary.stream().anyMatch(SqlColumn::generated)) {
      return List.of(); // the database makes it
    }
    if (!primary.isEmpty() || !overwrites) {
      return primary;
    }
    List<List<SqlColumn>> unique = table.uniqueKeys();
    if (unique.size() == 1) {
      return unique.get(0);
    }
    throw SqlTable.failure(
        name,
        List.of(
            "it has no primary key, and "
                + (unique.isEmpty() ? "no" : "several")
                + " unique keys, but "
                + onConflict
                + " needs a key"),
        unique.isEmpty()
            ? "Add a unique constraint, or use another strategy"
            : "Name the columns of one of its keys: "
                + String.join(
                    ", ", unique.stream().map(SchemaReader::names).map(List::toString).toList()));
  }
}
