/** One writer over several: see {@link io.batchflow.routing.RoutingWriter}. */
@NullMarked
package io.batchflow.routing;

import org.jspecify.annotations.NullMarked;
