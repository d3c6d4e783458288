package io.batchflow;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parts of a schema as its builder collects them, and their checks. */
final class SchemaParts {

  /** Everything that makes two schemas equal. */
  record Definition(
      List<String> tablePath,
      List<String> columns,
      List<String> conflictKey,
      ConflictStrategy onConflict,
      AbsentStrategy onAbsent,
      List<String> updateColumns,
      List<String> requiredColumns,
      List<String> returning,
      @Nullable String conflictWhere,
      @Nullable String conflictConstraint) {

    boolean isMergeable() {
      return onConflict != ConflictStrategy.FAIL && conflictWhere == null;
    }

    boolean allowsDeletes() {
      return onConflict.isLastOneWinning()
          && onAbsent == AbsentStrategy.INSERT
          && conflictWhere == null
          && conflictConstraint == null;
    }

    /**
     * Throws unless rows may delete their keys.
     *
     * @param invalid returns the exception for a problem and its remedy
     */
    void checkDeletes(BiFunction<String, String, ? extends RuntimeException> invalid) {
      if (allowsDeletes()) {
        return;
      }
      if (onAbsent != AbsentStrategy.INSERT) {
        throw invalid.apply(
            "rows cannot delete their keys, as they only update: onAbsent is " + onAbsent,
            "Use a Schema with onAbsent(INSERT)");
      }
      throw onConflict.isLastOneWinning()
          ? invalid.apply(
              "rows cannot delete their keys, as conflictWhere or conflictConstraint finds conflicts",
              "Use a Schema whose conflictKey alone is a unique key of the table")
          : invalid.apply(
              "rows cannot delete their keys under " + onConflict + ": rows of a key have no order",
              "Use onConflict(UPDATE) or onConflict(REPLACE)");
    }
  }

  final List<String> tablePath;
  final List<String> columns = new ArrayList<>();
  final List<String> conflictKey = new ArrayList<>();
  ConflictStrategy onConflict = ConflictStrategy.FAIL;
  AbsentStrategy onAbsent = AbsentStrategy.INSERT;
  final List<String> updateColumns = new ArrayList<>();
  final List<String> required = new ArrayList<>();
  final List<String> returning = new ArrayList<>();
  @Nullable String conflictWhere;
  @Nullable String conflictConstraint;

  private final BiFunction<String, String, ? extends RuntimeException> invalid;

  /**
   * @param invalid returns the exception for a problem and its remedy
   */
  SchemaParts(
      List<String> tablePath, BiFunction<String, String, ? extends RuntimeException> invalid) {
    this.tablePath = tablePath;
    this.invalid = invalid;
  }

  /** Checks the names, the strategy, and what finds conflicts. Throws for the first problem. */
  void check() {
    checkNames();
    checkStrategy();
    checkConflictTarget();
  }

  private void checkNames() {
    tablePath.forEach(part -> checkName("a part of the table's name", part));
    check(!columns.isEmpty(), "it has no columns", "Name at least one with columns(...)");
    checkDistinct("columns", columns);
    columns.forEach(column -> checkName("a column's name", column));
    checkAmongColumns("conflictKey", conflictKey);
    checkAmongColumns("updateColumns", updateColumns);
    checkAmongColumns("required", required);
    // Not among the columns: the database may make a column that no row sets.
    checkDistinct("returning", returning);
    returning.forEach(column -> checkName("a column of returning", column));
  }

  private void checkStrategy() {
    boolean update = onConflict == ConflictStrategy.UPDATE;
    if (update || onConflict == ConflictStrategy.REPLACE) {
      check(
          !conflictKey.isEmpty(),
          onConflict + " needs a conflict key",
          "Name the columns of a unique key with conflictKey(...), or use another strategy");
    }
    check(
        update || updateColumns.isEmpty(),
        "updateColumns are given but the strategy is " + onConflict,
        "Use onConflict(UPDATE), or leave updateColumns out");
    if (onAbsent != AbsentStrategy.INSERT) {
      check(
          update && conflictWhere == null && conflictConstraint == null,
          "onAbsent is " + onAbsent + " without the strategy UPDATE and a conflictKey alone",
          "Use onConflict(UPDATE) without conflictWhere and conflictConstraint, or leave it out");
    }
    for (String column : updateColumns) {
      check(
          !conflictKey.contains(column),
          "column '" + column + "' is both in the conflict key and in updateColumns",
          "A conflict never changes its own key: leave it out of updateColumns");
    }
  }

  private void checkConflictTarget() {
    if (conflictWhere == null && conflictConstraint == null) {
      return;
    }
    check(
        onConflict != ConflictStrategy.FAIL && !conflictKey.isEmpty(),
        "conflictWhere and conflictConstraint need a conflictKey and a strategy other than FAIL",
        "Give both, or leave them out");
    check(
        conflictWhere == null || conflictConstraint == null,
        "conflictWhere and conflictConstraint exclude each other",
        "Name the constraint, or describe the index");
    check(
        conflictWhere == null || !conflictWhere.isBlank(),
        "conflictWhere is blank",
        "Give the index's predicate, or leave it out");
    if (conflictConstraint != null) {
      checkName("conflictConstraint", conflictConstraint);
    }
  }

  Definition define() {
    List<String> updated =
        onConflict == ConflictStrategy.UPDATE && updateColumns.isEmpty()
            ? columns.stream().filter(column -> !conflictKey.contains(column)).toList()
            : List.copyOf(updateColumns);
    return new Definition(
        tablePath,
        List.copyOf(columns),
        List.copyOf(conflictKey),
        onConflict,
        onAbsent,
        updated,
        Stream.concat(conflictKey.stream(), required.stream()).distinct().toList(),
        List.copyOf(returning),
        conflictWhere,
        conflictConstraint);
  }

  /** A NUL would end the statement in drivers that use C strings. */
  private void checkName(String what, String name) {
    check(!name.isEmpty(), what + " is empty", "Give it a name, or leave it out");
    check(name.indexOf('\0') < 0, what + " contains a NUL", "Give it a name that databases accept");
  }

  private void checkAmongColumns(String what, List<String> names) {
    checkDistinct(what, names);
    for (String name : names) {
      check(
          columns.contains(name),
          "column '" + name + "' of " + what + " is not among its columns",
          "Add it with columns(...), or correct the name; the columns are "
              + String.join(", ", columns));
    }
  }

  private void checkDistinct(String what, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      check(seen.add(name), "column '" + name + "' occurs twice in " + what, "Name it once");
    }
  }

  private void check(boolean holds, String problem, String remedy) {
    if (!holds) {
      throw invalid.apply(problem, remedy);
    }
  }
}
