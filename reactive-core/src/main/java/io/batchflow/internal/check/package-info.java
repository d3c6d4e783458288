/** Checks of option values. */
@NullMarked
package io.batchflow.internal.check;

import org.jspecify.annotations.NullMarked;
