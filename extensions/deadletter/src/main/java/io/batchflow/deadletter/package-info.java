/** Stores rejected rows as JSON in a file, a table or a stream, and submits them again. */
@NullMarked
package io.batchflow.deadletter;

import org.jspecify.annotations.NullMarked;
