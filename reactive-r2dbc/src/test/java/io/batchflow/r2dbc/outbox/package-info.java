@NullMarked
package io.batchflow.r2dbc.outbox;

import org.jspecify.annotations.NullMarked;
