/** How conflict keys are compared, sorted and merged. */
@NullMarked
package io.batchflow.internal.key;

import org.jspecify.annotations.NullMarked;
