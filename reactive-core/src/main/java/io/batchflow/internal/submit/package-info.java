/** How rows come in and how their callers are told: room, order, and demand. */
@NullMarked
package io.batchflow.internal.submit;

import org.jspecify.annotations.NullMarked;
