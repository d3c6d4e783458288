@NullMarked
package io.batchflow.r2dbc.inbox;

import org.jspecify.annotations.NullMarked;
