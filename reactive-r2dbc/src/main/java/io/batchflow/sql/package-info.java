/**
 * How a batch becomes SQL: dialects, the catalog of the real table, statements. Shared by the
 * writers of {@code io.batchflow.r2dbc} and {@code io.batchflow.jdbc}; {@link
 * io.batchflow.sql.SqlDialect} is what a further database implements.
 */
@NullMarked
package io.batchflow.sql;

import org.jspecify.annotations.NullMarked;
