package io.batchflow.kafka.connect;

import io.batchflow.sql.SqlDialect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** The statements that create and widen tables, by the schemas of records. Immutable. */
final class TableChanges {

  private final SinkConfig config;
  private final Supplier<SqlDialect> dialect;

  TableChanges(SinkConfig config, Supplier<SqlDialect> dialect) {
    this.config = config;
    this.dialect = dialect;
  }

  /**
   * Returns the statement that creates the table of a record.
   *
   * @throws DataException if the record does not tell the columns
   */
  String creation(String table, SinkRecord record) {
    Change change = Change.of(record);
    Map<String, Schema> key = key(record, change.key());
    Map<String, Schema> columns = new LinkedHashMap<>(key);
    for (Field field : stored(change)) {
      columns.putIfAbsent(config.column(field.name()), field.schema());
    }
    Set<String> keyColumns =
        config.keyMode == KeyMode.RECORD_VALUE ? Set.copyOf(config.keyColumns()) : key.keySet();
    String definitions =
        columns.entrySet().stream()
            .map(column -> definition(column.getKey(), column.getValue(), keyColumns))
            .collect(Collectors.joining(", "));
    String primary =
        keyColumns.isEmpty()
            ? ""
            : columns.keySet().stream()
                .filter(keyColumns::contains)
                .map(this::quote)
                .collect(Collectors.joining(", ", ", PRIMARY KEY (", ")"));
    return "CREATE TABLE IF NOT EXISTS " + quoted(table) + " (" + definitions + primary + ")";
  }

  private String definition(String column, Schema schema, Set<String> key) {
    boolean inKey = key.contains(column);
    String type = ColumnKind.of(schema).in(dialect.get().product(), schema, inKey);
    return quote(column) + " " + type + (inKey ? " NOT NULL" : "");
  }

  private String quote(String name) {
    return dialect.get().quote(name);
  }

  private String quoted(String table) {
    return List.of(table.split("\\.", -1)).stream()
        .map(this::quote)
        .collect(Collectors.joining("."));
  }

  /**
   * Returns the statements that add the columns that the fields of a record lack, by column.
   *
   * @throws DataException if a field that lacks one is required, as earlier rows have no value
   */
  Map<String, String> additions(SinkRecord record, TargetTable table) {
    Map<String, String> statements = new LinkedHashMap<>();
    for (Field field : stored(Change.of(record))) {
      String column = config.column(field.name());
      if (!table.has(column)) {
        String statement =
            "ALTER TABLE "
                + path(table)
                + " ADD COLUMN "
                + definition(column, field.schema(), Set.of());
        if (!field.schema().isOptional() && field.schema().defaultValue() == null) {
          throw new DataException(
              "The field '"
                  + field.name()
                  + "' has no column and is not optional. Add the column yourself: "
                  + statement);
        }
        statements.put(column, statement);
      }
    }
    return statements;
  }

  /** Returns whether a column can get the type of its field, and keep what else it has. */
  boolean canWiden(NarrowColumnException narrow) {
    // MySQL and MariaDB would take the default and NOT NULL from the column.
    return (isPostgres() || dialect.get().product().equals("H2"))
        && narrow.limit.widensTo(ColumnKind.of(narrow.field), ColumnKind.scale(narrow.field));
  }

  /** Returns the statement that gives a column the type of its field. */
  String widening(TargetTable table, NarrowColumnException narrow) {
    String product = dialect.get().product();
    String type = ColumnKind.of(narrow.field).in(product, narrow.field, false);
    String column = quote(narrow.column);
    return "ALTER TABLE "
        + path(table)
        + (isPostgres()
            ? " ALTER COLUMN " + column + " TYPE " + type
            : product.equals("H2")
                ? " ALTER COLUMN " + column + " SET DATA TYPE " + type
                : " MODIFY COLUMN " + column + " " + type);
  }

  private boolean isPostgres() {
    return dialect.get().product().equals("PostgreSQL");
  }

  private String path(TargetTable table) {
    return table.path.stream().map(this::quote).collect(Collectors.joining("."));
  }

  private List<Field> stored(Change change) {
    Fields value = change.value();
    if (value == null || !(value.value() instanceof Struct struct)) {
      throw new DataException(
          "A column is missing, and a record without a schema does not tell its type. Create the"
              + " table, or use a converter with schemas");
    }
    return struct.schema().fields().stream()
        .filter(field -> config.isStored(field.name()))
        .toList();
  }

  private Map<String, Schema> key(SinkRecord record, Fields key) {
    Map<String, Schema> columns = new LinkedHashMap<>();
    switch (config.keyMode) {
      case KAFKA -> {
        columns.put(config.keyFields.get(0), Schema.STRING_SCHEMA);
        columns.put(config.keyFields.get(1), Schema.INT32_SCHEMA);
        columns.put(config.keyFields.get(2), Schema.INT64_SCHEMA);
      }
      case RECORD_KEY -> addRecordKey(columns, key);
      case RECORD_HEADER -> {
        for (String name : config.keyFields) {
          Header header = record.headers().lastWithName(name);
          columns.put(config.column(name), known(name, header == null ? null : header.schema()));
        }
      }
      default -> {}
    }
    return columns;
  }

  private void addRecordKey(Map<String, Schema> columns, Fields key) {
    if (key.value() instanceof Struct struct) {
      for (Field field : struct.schema().fields()) {
        if (config.keyFields.isEmpty() || config.keyFields.contains(field.name())) {
          columns.put(config.column(field.name()), field.schema());
        }
      }
    } else if (config.keyFields.size() == 1) {
      String name = config.keyFields.get(0);
      columns.put(config.column(name), known(name, key.schema()));
    } else {
      throw new DataException(
          "The key of the record is a single value. Name its column in primary.key.fields");
    }
  }

  private static Schema known(String name, @Nullable Schema schema) {
    if (schema == null) {
      throw new DataException("The type of the key '" + name + "' is not known");
    }
    return schema;
  }
}
