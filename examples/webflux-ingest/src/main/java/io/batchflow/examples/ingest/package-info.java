/** A WebFlux service that stores events. Made to copy from. */
@NullMarked
package io.batchflow.examples.ingest;

import org.jspecify.annotations.NullMarked;
