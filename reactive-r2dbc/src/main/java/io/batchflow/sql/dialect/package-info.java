/**
 * The dialects of the databases that the library knows; {@link io.batchflow.sql.dialect.Dialects}
 * has them all.
 */
@NullMarked
package io.batchflow.sql.dialect;

import org.jspecify.annotations.NullMarked;
