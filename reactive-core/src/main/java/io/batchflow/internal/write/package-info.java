/** How a batch is written: attempts, splits, dead letters, and what listeners are told. */
@NullMarked
package io.batchflow.internal.write;

import org.jspecify.annotations.NullMarked;
