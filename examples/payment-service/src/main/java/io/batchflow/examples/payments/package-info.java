/** A service that books payments. Made to copy from. */
@NullMarked
package io.batchflow.examples.payments;

import org.jspecify.annotations.NullMarked;
