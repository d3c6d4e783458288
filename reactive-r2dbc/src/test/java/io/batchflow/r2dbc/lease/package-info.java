@NullMarked
package io.batchflow.r2dbc.lease;

import org.jspecify.annotations.NullMarked;
