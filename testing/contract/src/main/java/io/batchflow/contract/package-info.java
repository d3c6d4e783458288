/**
 * The contracts of {@link io.batchflow.BatchWriter} and of {@code io.batchflow.sql.SqlDialect}, as
 * JUnit classes to extend.
 */
@NullMarked
package io.batchflow.contract;

import org.jspecify.annotations.NullMarked;
