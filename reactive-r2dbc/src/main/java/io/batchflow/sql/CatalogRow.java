package io.batchflow.sql;

import org.jspecify.annotations.Nullable;

/**
 * One column of one table, as {@link SqlDialect#catalogQuery()} reads it.
 *
 * @param schema the qualifier of the table
 * @param current whether a table's name without qualifier is looked up there
 * @param table the table's real name
 * @param column the column's real name
 * @param type the column's type as the database spells it
 * @param generated whether the database makes the column's values
 * @param uniqueKeys the unique keys that the column is part of, one name a line; null if none, or
 *     if the dialect has no use for them
 */
public record CatalogRow(
    String schema,
    boolean current,
    String table,
    String column,
    String type,
    boolean generated,
    @Nullable String uniqueKeys) {}
