@NullMarked
package io.batchflow.redis;

import org.jspecify.annotations.NullMarked;
