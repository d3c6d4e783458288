/** A service that tracks parcels. Made to copy from. */
@NullMarked
package io.batchflow.examples.tracker;

import org.jspecify.annotations.NullMarked;
