package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that an {@code INSERT} of MySQL gives to its rows. LAST_INSERT_ID() is that of the
 * first row. The others follow in the steps of the session if the server reserves all of them at
 * once: InnoDB does so if it knows the number of rows, no trigger inserts others meanwhile, and
 * innodb_autoinc_lock_mode is not 2, which lets statements take turns.
 */
final class MySqlNumbers {

  /** What the catalog tells of an AUTO_INCREMENT column with such numbers. */
  private static final String CONSECUTIVE = "consecutive";

  private static final String AUTO = "auto";

  private final SqlText text;

  MySqlNumbers(SqlText text) {
    this.text = text;
  }

  /** Returns the query for the rows of the last insert; null if their numbers may have gaps. */
  @Nullable String select(
      SqlTable table, List<SqlColumn> present, int rows, List<SqlColumn> returned) {
    SqlColumn number =
        table.columns().stream()
            .filter(column -> column.castType().equals(CONSECUTIVE) && !present.contains(column))
            .findFirst()
            .orElse(null);
    if (number == null) {
      return null;
    }
    String others =
        IntStream.range(1, rows)
            .mapToObj(
                row ->
                    " UNION ALL SELECT "
                        + (row + 1)
                        + ", LAST_INSERT_ID() + "
                        + row
                        + " * @@auto_increment_increment")
            .collect(Collectors.joining());
    return "SELECT s.n"
        + SqlText.list("", returned, column -> ", t." + text.name(column))
        + " FROM (SELECT 1 AS n, LAST_INSERT_ID() AS id"
        + others
        + ") s STRAIGHT_JOIN "
        + text.table(table)
        + " t ON t."
        + text.name(number)
        + " = s.id";
  }

  /** Returns why no row can be found again. */
  static String problem(SqlTable table, List<SqlColumn> present) {
    if (!table.kind().equals("plain")) {
      return "MySQL cannot return the values of rows that a trigger or a view may change";
    }
    boolean counts =
        table.columns().stream()
            .anyMatch(column -> column.comparison().equals(AUTO) && !present.contains(column));
    return counts
        ? "MySQL gives consecutive numbers to the rows of an insert only if"
            + " innodb_autoinc_lock_mode is 0 or 1, and the table is one of InnoDB"
        : "MySQL finds stored rows only by a unique conflictKey that they set, or by an"
            + " AUTO_INCREMENT column that they leave unset";
  }
}
