package io.batchflow.sql;

/**
 * A column as the database has it.
 *
 * @param name the real name
 * @param type the type as the database spells it
 * @param castType the type to cast a value to on its way: without a length, as a cast cuts off what
 *     is too long where an insert rejects it
 * @param generated whether the database makes its values (computed, identity, row id), so that it
 *     has no default to fall back to
 * @param required whether no row can be inserted that leaves it out
 * @param comparison how it compares values, in words of the dialect's own; empty if it has none
 */
public record SqlColumn(
    String name,
    String type,
    String castType,
    boolean generated,
    boolean required,
    String comparison) {}
