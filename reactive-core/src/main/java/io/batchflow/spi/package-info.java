/** For authors of writers, dialects, extensions and mappings. */
@NullMarked
package io.batchflow.spi;

import org.jspecify.annotations.NullMarked;
