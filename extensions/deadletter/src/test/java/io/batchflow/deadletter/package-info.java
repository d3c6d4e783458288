/** Tests of dead letters. */
@NullMarked
package io.batchflow.deadletter;

import org.jspecify.annotations.NullMarked;
