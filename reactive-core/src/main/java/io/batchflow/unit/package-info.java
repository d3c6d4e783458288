/** Rows of several tables that are applied together: see {@link io.batchflow.unit.Unit}. */
@NullMarked
package io.batchflow.unit;

import org.jspecify.annotations.NullMarked;
