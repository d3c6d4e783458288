/** Rejected rows as JSON: kept in a file, a table or a stream, and fed back into a flow. */
@NullMarked
package io.batchflow.deadletter;

import org.jspecify.annotations.NullMarked;
