/**
 * The dialects of the library. {@link io.batchflow.sql.dialect.Dialects} creates them. {@link
 * io.batchflow.sql.dialect.SqlText} has the parts of statements, for your own dialect.
 */
@NullMarked
package io.batchflow.sql.dialect;

import org.jspecify.annotations.NullMarked;
