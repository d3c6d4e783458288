@NullMarked
package io.batchflow.redis.catalog;

import org.jspecify.annotations.NullMarked;
