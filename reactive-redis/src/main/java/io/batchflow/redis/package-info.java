/** Batch writing to Redis; its writer is still to come. */
@NullMarked
package io.batchflow.redis;

import org.jspecify.annotations.NullMarked;
