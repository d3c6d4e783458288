/** Submissions: admission, order, demand, and the outcomes for callers. */
@NullMarked
package io.batchflow.internal.submit;

import org.jspecify.annotations.NullMarked;
