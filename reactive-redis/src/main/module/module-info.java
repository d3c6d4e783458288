/** The writer for Redis. */
module io.batchflow.redis {
  requires transitive io.batchflow;
  requires transitive lettuce.core;
  requires io.netty.buffer;

  exports io.batchflow.redis;
  exports io.batchflow.redis.catalog;
  exports io.batchflow.redis.lease;
}
