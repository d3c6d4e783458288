/**
 * Deletes rows of a database that are older than they shall be kept: see {@link
 * io.batchflow.r2dbc.retention.Retention}.
 */
@NullMarked
package io.batchflow.r2dbc.retention;

import org.jspecify.annotations.NullMarked;
