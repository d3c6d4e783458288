package io.batchflow;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the names and the strategy in a {@link Schema.Builder}. */
final class SchemaChecks {

  private final Schema.Builder given;

  private SchemaChecks(Schema.Builder given) {
    this.given = given;
  }

  /**
   * Checks everything.
   *
   * @throws InvalidSchemaException on the first error
   */
  static void check(Schema.Builder given) {
    SchemaChecks checks = new SchemaChecks(given);
    checks.checkNames();
    checks.checkStrategy();
    checks.checkConflictTarget();
  }

  private void checkNames() {
    given.tablePath.forEach(part -> checkName("a part of the table's name", part));
    check(!given.columns.isEmpty(), "it has no columns", "Name at least one with columns(...)");
    checkDistinct("columns", given.columns);
    given.columns.forEach(column -> checkName("a column's name", column));
    checkAmongColumns("conflictKey", given.conflictKey);
    checkAmongColumns("updateColumns", given.updateColumns);
    checkAmongColumns("required", given.required);
  }

  private void checkStrategy() {
    boolean update = given.onConflict == ConflictStrategy.UPDATE;
    if (update || given.onConflict == ConflictStrategy.REPLACE) {
      check(
          !given.conflictKey.isEmpty(),
          given.onConflict + " needs a conflict key",
          "Name the columns of a unique key with conflictKey(...), or use another strategy");
    }
    check(
        update || given.updateColumns.isEmpty(),
        "updateColumns are given but the strategy is " + given.onConflict,
        "Use onConflict(UPDATE), or leave updateColumns out");
    for (String column : given.updateColumns) {
      check(
          !given.conflictKey.contains(column),
          "column '" + column + "' is both in the conflict key and in updateColumns",
          "A conflict never changes its own key: leave it out of updateColumns");
    }
  }

  private void checkConflictTarget() {
    if (given.conflictWhere == null && given.conflictConstraint == null) {
      return;
    }
    check(
        given.onConflict != ConflictStrategy.FAIL && !given.conflictKey.isEmpty(),
        "conflictWhere and conflictConstraint need a conflictKey and a strategy other than FAIL",
        "Give both, or leave them out");
    check(
        given.conflictWhere == null || given.conflictConstraint == null,
        "conflictWhere and conflictConstraint exclude each other",
        "Name the constraint, or describe the index");
    check(
        given.conflictWhere == null || !given.conflictWhere.isBlank(),
        "conflictWhere is blank",
        "Give the index's predicate, or leave it out");
    if (given.conflictConstraint != null) {
      checkName("conflictConstraint", given.conflictConstraint);
    }
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
          given.columns.contains(name),
          "column '" + name + "' of " + what + " is not among its columns",
          "Add it with columns(...), or correct the name; the columns are "
              + String.join(", ", given.columns));
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
      throw new InvalidSchemaException(String.join(".", given.tablePath), problem, remedy);
    }
  }
}
