package io.batchflow.benchmarks.differential;

import org.jspecify.annotations.Nullable;

/**
 * A parameter of a plain statement.
 *
 * @param sql how the statement spells it, with a cast or without
 * @param type the Java class, which a null needs
 */
record Parameter(String sql, @Nullable Object value, Class<?> type) {}
