/** A table's rows between their admission and their outcome: windows, and batches in flight. */
@NullMarked
package io.batchflow.internal.lane;

import org.jspecify.annotations.NullMarked;
