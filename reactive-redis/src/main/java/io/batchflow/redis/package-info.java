/**
 * Batch writing to Redis through Lettuce: a {@link io.batchflow.redis.RedisMapping} turns the rows
 * of a Schema into commands, a {@link io.batchflow.redis.RedisBatchWriter} sends a batch of them as
 * one pipeline and tells what became of each.
 */
@NullMarked
package io.batchflow.redis;

import org.jspecify.annotations.NullMarked;
