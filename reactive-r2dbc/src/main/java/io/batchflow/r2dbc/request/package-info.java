/** Requests to a database that are not part of a caller's transaction. */
@NullMarked
package io.batchflow.r2dbc.request;

import org.jspecify.annotations.NullMarked;
