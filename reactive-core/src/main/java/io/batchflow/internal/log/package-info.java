/** What a flow logs: few lines, rate-limited, with keys that a program can read. */
@NullMarked
package io.batchflow.internal.log;

import org.jspecify.annotations.NullMarked;
