/** A WebFlux service that takes orders. Made to copy from. */
@NullMarked
package io.batchflow.examples.orders;

import org.jspecify.annotations.NullMarked;
