package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code INSERT} and the {@code MERGE} of H2: from arrays that are unnested. */
final class H2Inserts {

  /** A cast to a type with a length cuts off what is too long, where an insert would reject it. */
  private static final Pattern CHARACTERS =
      Pattern.compile("\\b(CHARACTER|BINARY)(?! LARGE)(?: VARYING)?(?:\\(\\d+\\))?");

  private static final Pattern LENGTH =
      Pattern.compile(
          "(?<=VARCHAR_IGNORECASE|LARGE OBJECT|JAVA_OBJECT)\\(\\d+\\)|(?<=ARRAY)\\[\\d+\\]");

  private static final Pattern PADDED = Pattern.compile("BINARY\\((\\d+)\\)");

  private final SqlText text;

  H2Inserts(SqlText text) {
    this.text = text;
  }

  /**
   * Returns the insert of the rows whose keys the table does not have.
   *
   * @param keys the keys to look for; none for a plain insert
   */
  String absent(SqlTable table, List<SqlColumn> present, List<List<SqlColumn>> keys) {
    StringBuilder sql = new StringBuilder(text.insertInto(table, present));
    sql.append(" SELECT * FROM ").append(source(present));
    String separator = " WHERE ";
    for (List<SqlColumn> key : keys) {
      sql.append(separator).append("NOT EXISTS (SELECT 1 FROM ").append(text.table(table));
      sql.append(" t WHERE ").append(sameKey(key, present)).append(')');
      separator = " AND ";
    }
    return sql.append(H2Guard.of(table, present)).toString();
  }

  /** Returns the upsert. */
  String merge(SqlTable table, List<SqlColumn> present) {
    return text.merge(
        table, present, guarded(table, present), sameKey(table.conflictKey(), present));
  }

  /** Returns the delete, which compares keys as the upsert does. */
  String delete(SqlTable table, List<SqlColumn> key) {
    return "MERGE INTO "
        + text.table(table)
        + " t USING "
        + guarded(table, key)
        + " ON "
        + sameKey(key, key)
        + " WHEN MATCHED THEN DELETE";
  }

  /** Returns the query for the keys that are there, which locks their rows. */
  String lock(SqlTable table) {
    return stored(table, List.of()) + " FOR UPDATE";
  }

  /** Returns the query for columns of the rows that have the keys. */
  String stored(SqlTable table, List<SqlColumn> returned) {
    List<SqlColumn> key = table.conflictKey();
    return "SELECT s.n"
        + SqlText.list("", returned, column -> ", t." + text.name(column))
        + " FROM (SELECT * FROM "
        + unnested(key)
        + " WITH ORDINALITY s ("
        + SqlText.list(", ", key, column -> SqlText.carrier(column, key))
        + ", n)"
        + H2Guard.of(table, key)
        + ") s JOIN "
        + text.table(table)
        + " t ON "
        + sameKey(key, key);
  }

  /** Returns the update of the rows whose keys are there. */
  String update(SqlTable table, List<SqlColumn> present) {
    List<SqlColumn> assigned = table.overwritten(present);
    // A row that sets only its key updates nothing.
    String key = text.name(table.conflictKey().get(0));
    return "MERGE INTO "
        + text.table(table)
        + " t USING "
        + guarded(table, present)
        + " ON "
        + sameKey(table.conflictKey(), present)
        + " WHEN MATCHED THEN UPDATE SET "
        + (assigned.isEmpty() ? key + " = t." + key : "")
        + SqlText.list(
            ", ", assigned, column -> text.name(column) + " = " + SqlText.value(column, present));
  }

  private static String guarded(SqlTable table, List<SqlColumn> present) {
    return "(SELECT * FROM " + source(present) + H2Guard.of(table, present) + ") s";
  }

  /** Returns the rows as a table s. H2 needs to know the types of its columns. */
  private static String source(List<SqlColumn> present) {
    return unnested(present) + " s " + row(present, column -> SqlText.carrier(column, present));
  }

  private static String unnested(List<SqlColumn> present) {
    return "UNNEST" + row(present, column -> "CAST(? AS " + castType(column) + " ARRAY)");
  }

  private static String row(List<SqlColumn> columns, Function<SqlColumn, String> each) {
    return "(" + SqlText.list(", ", columns, each) + ")";
  }

  private String sameKey(List<SqlColumn> key, List<SqlColumn> present) {
    return SqlText.list(
        " AND ", key, column -> "t." + text.name(column) + " = " + keyValue(column, present));
  }

  /**
   * H2 pads a short value of BINARY when it stores it, but not when it compares it. A value that is
   * too long is not cast: the cast would cut it off, and it could match the row of another key.
   */
  private static String keyValue(SqlColumn column, List<SqlColumn> present) {
    String value = SqlText.value(column, present);
    Matcher binary = PADDED.matcher(column.type());
    return binary.matches()
        ? "CASE WHEN OCTET_LENGTH("
            + value
            + ") <= "
            + binary.group(1)
            + " THEN CAST("
            + value
            + " AS "
            + column.type()
            + ") ELSE "
            + value
            + " END"
        : value;
  }

  /** r2dbc-h2 sends every text as a CLOB, which H2 does not convert to an ENUM. */
  private static String castType(SqlColumn column) {
    if (column.type().startsWith("ENUM")) {
      return "VARCHAR";
    }
    String type = CHARACTERS.matcher(column.type()).replaceAll("$1 VARYING");
    return LENGTH.matcher(type).replaceAll("");
  }
}
