/** Tests of the R2DBC writer's own parts. */
@NullMarked
package io.batchflow.r2dbc;

import org.jspecify.annotations.NullMarked;
