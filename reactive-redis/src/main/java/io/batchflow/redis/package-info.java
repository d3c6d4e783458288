/**
 * Batch writing to Redis through Lettuce. A {@link io.batchflow.redis.RedisMapping} maps the rows
 * of a Schema to commands. A {@link io.batchflow.redis.RedisBatchWriter} sends the commands of a
 * batch as one pipeline and returns the outcome of each row.
 */
@NullMarked
package io.batchflow.redis;

import org.jspecify.annotations.NullMarked;
