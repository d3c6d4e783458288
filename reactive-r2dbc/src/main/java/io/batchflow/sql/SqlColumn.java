package io.batchflow.sql;

/**
 * A column as the database has it.
 *
 * @param name the real name
 * @param type the type as the database spells it
 * @param generated whether the database makes its values (computed, identity, row id), so that it
 *     has no default to fall back to
 */
public record SqlColumn(String name, String type, boolean generated) {}
