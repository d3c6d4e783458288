/** What every {@link io.batchflow.BatchWriter} must hold, as a JUnit class to extend. */
@NullMarked
package io.batchflow.contract;

import org.jspecify.annotations.NullMarked;
