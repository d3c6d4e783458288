/** Logging of a flow: few lines, rate-limited, with machine-readable keys. */
@NullMarked
package io.batchflow.internal.log;

import org.jspecify.annotations.NullMarked;
