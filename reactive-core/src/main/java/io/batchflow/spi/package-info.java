/** What authors of writers, dialects and extensions need beside the API itself. */
@NullMarked
package io.batchflow.spi;

import org.jspecify.annotations.NullMarked;
