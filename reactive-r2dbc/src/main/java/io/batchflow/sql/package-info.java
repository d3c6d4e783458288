/**
 * How a batch becomes SQL: dialects, tables in the catalog, statements. Shared by the writers of
 * {@code io.batchflow.r2dbc} and {@code io.batchflow.jdbc}. For another database you implement
 * {@link io.batchflow.sql.SqlDialect}.
 */
@NullMarked
package io.batchflow.sql;

import org.jspecify.annotations.NullMarked;
