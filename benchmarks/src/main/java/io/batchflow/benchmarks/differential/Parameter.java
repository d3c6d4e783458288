package io.batchflow.benchmarks.differential;

import org.jspecify.annotations.Nullable;

/**
 * A parameter of a plain statement.
 *
 * @param sql its text in the statement, with or without a cast
 * @param type the Java class, which is needed to bind a null
 */
record Parameter(String sql, @Nullable Object value, Class<?> type) {}
