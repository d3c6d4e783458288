/** The dialects of the library. {@link io.batchflow.sql.dialect.Dialects} creates them. */
@NullMarked
package io.batchflow.sql.dialect;

import org.jspecify.annotations.NullMarked;
