/** Tests of the parts of the R2DBC writer. */
@NullMarked
package io.batchflow.r2dbc;

import org.jspecify.annotations.NullMarked;
