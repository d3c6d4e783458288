@NullMarked
package io.batchflow.r2dbc.routing;

import org.jspecify.annotations.NullMarked;
