package io.batchflow.benchmarks.differential;

import java.util.List;

/** Plain statements with {@code ON CONFLICT}, for PostgreSQL and SQLite. */
abstract class OnConflict extends Plain {

  @Override
  void write(Site site, TableCase table, CaseRow row) throws Rejection {
    List<Column> columns = present(table, row);
    List<Parameter> parameters = parameters(columns, row);
    site.execute(numbered(insert(columns, parameters) + conflict(table, row)), parameters);
  }

  private static String conflict(TableCase table, CaseRow row) {
    return switch (table.writing().strategy()) {
      case FAIL -> "";
      case IGNORE -> " ON CONFLICT" + target(table) + " DO NOTHING";
      case UPDATE, REPLACE -> {
        List<Column> overwritten = overwritten(table, row);
        yield " ON CONFLICT"
            + target(table)
            + (overwritten.isEmpty()
                ? " DO NOTHING"
                : " DO UPDATE SET "
                    + String.join(
                        ", ",
                        overwritten.stream()
                            .map(column -> column.name() + " = excluded." + column.name())
                            .toList()));
      }
    };
  }

  private static String target(TableCase table) {
    return table.key().isEmpty()
        ? ""
        : " ("
            + String.join(", ", table.key())
            + ")"
            + (table.isPartial() ? " WHERE " + Extras.PARTIAL : "");
  }
}
