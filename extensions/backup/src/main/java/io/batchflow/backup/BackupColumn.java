package io.batchflow.backup;

/**
 * A column, and how the database converts its values to text and back without loss. The expressions
 * have <code>{}</code> where a parameter stands.
 *
 * @param name the real name
 * @param quoted the name in quotes
 * @param type the type as the database spells it
 * @param key whether the column belongs to the primary key
 * @param read the expression that returns the text
 * @param write the expression that takes the text
 * @param order what rows are sorted by, if the column belongs to the key
 * @param bound the expression that takes the text of a key and compares as {@code order} does
 * @param binary whether the driver reads and takes bytes, whose text is hexadecimal
 */
record BackupColumn(
    String name,
    String quoted,
    String type,
    boolean key,
    String read,
    String write,
    String order,
    String bound,
    boolean binary) {}
