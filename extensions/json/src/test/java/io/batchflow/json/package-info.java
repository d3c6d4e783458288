/** Tests of rows as JSON. */
@NullMarked
package io.batchflow.deadletter;

import org.jspecify.annotations.NullMarked;
