/** Helpers for authors of writers, dialects and extensions. */
@NullMarked
package io.batchflow.spi;

import org.jspecify.annotations.NullMarked;
