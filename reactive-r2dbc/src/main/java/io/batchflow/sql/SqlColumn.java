package io.batchflow.sql;

/**
 * A column of a table in the database.
 *
 * @param name the real name
 * @param type the type as the database spells it
 * @param castType the type to cast a value to before it is stored. It has no length, as a cast
 *     would cut off a long value that an insert rejects
 * @param generated whether the database generates the values (computed, identity, row id), so that
 *     the column has no default
 * @param required whether every row must set the column
 * @param comparison how the column compares values, in the dialect's own words; empty if it has
 *     none
 */
public record SqlColumn(
    String name,
    String type,
    String castType,
    boolean generated,
    boolean required,
    String comparison) {}
