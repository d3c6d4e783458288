@NullMarked
package io.batchflow.redis.lease;

import org.jspecify.annotations.NullMarked;
