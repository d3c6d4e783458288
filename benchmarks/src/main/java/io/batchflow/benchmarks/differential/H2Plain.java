package io.batchflow.benchmarks.differential;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Plain statements for H2: looks a row up by its key and then updates or inserts it. */
final class H2Plain extends Plain {

  /** The driver sends a text as a CLOB, which H2 does not convert to an ENUM. */
  @Override
  Parameter parameter(Column column, @Nullable Object value) throws Rejection {
    String sql = column.type().kind() == Kind.CHOICE ? "CAST(? AS VARCHAR)" : "?";
    return new Parameter(sql, value == null ? null : stored(TextForm.plain(value)), String.class);
  }

  private static Object stored(Object value) throws Rejection {
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    // The driver cannot send a negative scale.
    if (value instanceof BigDecimal decimal && decimal.scale() < 0 && decimal.scale() >= -1_000) {
      return decimal.setScale(0);
    }
    boolean known =
        value instanceof String
            || value instanceof Number
            || value instanceof Boolean
            || value instanceof Temporal
            || value instanceof TemporalAmount
            || value instanceof UUID
            || value instanceof byte[];
    if (!known) {
      throw TextForm.unknown(value);
    }
    return value;
  }

  @Override
  void write(Site site, TableCase table, CaseRow row) throws Rejection {
    List<Column> columns = present(table, row);
    List<Parameter> parameters = parameters(columns, row);
    switch (table.writing().strategy()) {
      case FAIL -> site.execute(insert(columns, parameters), parameters);
      case IGNORE -> ignore(site, table, row, columns, parameters);
      case UPDATE, REPLACE -> upsert(site, table, row, columns, parameters);
    }
  }

  private void ignore(
      Site site, TableCase table, CaseRow row, List<Column> columns, List<Parameter> parameters)
      throws Rejection {
    for (List<Column> key : keysToIgnore(table, row)) {
      if (exists(site, table, row, key)) {
        return;
      }
    }
    site.execute(insert(columns, parameters), parameters);
  }

  /** Returns the conflict key. If there is none, returns every unique key that the row sets. */
  private static List<List<Column>> keysToIgnore(TableCase table, CaseRow row) {
    if (!table.key().isEmpty()) {
      return List.of(keyColumns(table));
    }
    return table.extras().stream()
        .filter(extra -> extra.inTable().startsWith("UNIQUE"))
        .map(extra -> extra.columns().stream().map(table::column).toList())
        .filter(key -> key.stream().allMatch(column -> row.sets(column.name())))
        .toList();
  }

  private boolean exists(Site site, TableCase table, CaseRow row, List<Column> key)
      throws Rejection {
    List<Column> present = present(table, row);
    // A statement rejects a value that it cannot convert, even if it would not write it.
    String converted =
        String.join(
            " + ",
            present.stream()
                .map(
                    column ->
                        "CASE WHEN CAST(? AS "
                            + column.type().cast()
                            + ") IS NULL THEN 0 ELSE 0 END")
                .toList());
    return site.count(
            "SELECT " + converted + " + COUNT(*) FROM t WHERE " + sameKey(key),
            with(parameters(present, row), parameters(key, row)))
        > 0;
  }

  private void upsert(
      Site site, TableCase table, CaseRow row, List<Column> columns, List<Parameter> parameters)
      throws Rejection {
    List<Parameter> key = parameters(keyColumns(table), row);
    List<Column> overwritten = overwritten(table, row);
    if (!exists(site, table, row, keyColumns(table))) {
      site.execute(insert(columns, parameters), parameters);
    } else if (!overwritten.isEmpty()) {
      List<String> assignments = new ArrayList<>();
      List<Column> set = overwritten.stream().filter(each -> row.sets(each.name())).toList();
      for (Column column : overwritten) {
        assignments.add(
            column.name()
                + " = "
                + (set.contains(column) ? parameter(column, null).sql() : "DEFAULT"));
      }
      site.execute(
          "UPDATE t SET " + String.join(", ", assignments) + " WHERE " + sameKey(keyColumns(table)),
          with(parameters(set, row), key));
    }
  }

  private static String sameKey(List<Column> key) {
    return String.join(
        " AND ", key.stream().map(column -> column.name() + " = " + stored(column)).toList());
  }

  /**
   * Returns the value as the column stores it: a short BINARY is padded, a long one is unchanged.
   */
  private static String stored(Column column) {
    String type = column.type().sql();
    return type.startsWith("BINARY(")
        ? "(SELECT CASE WHEN OCTET_LENGTH(v) > 3 THEN v ELSE CAST(v AS "
            + type
            + ") END FROM (VALUES (CAST(? AS VARBINARY))) AS s (v))"
        : "CAST(? AS " + column.type().cast() + ")";
  }

  @Override
  String equal(Column column, Parameter value) {
    return column.name() + " = " + stored(column);
  }

  private static List<Parameter> with(List<Parameter> first, List<Parameter> more) {
    List<Parameter> all = new ArrayList<>(first);
    all.addAll(more);
    return all;
  }

  @Override
  String text(Column column) {
    return column.type().kind() == Kind.BINARY
        ? "RAWTOHEX(" + column.name() + ")"
        : "CAST(" + column.name() + " AS VARCHAR)";
  }

  @Override
  List<String> cleanUp(TableCase table) {
    return List.of("DROP ALL OBJECTS");
  }
}
