package io.batchflow.spring.boot;

import io.batchflow.redis.RedisBatchWriter;

/**
 * Changes the builders of the writers to Redis. Each flow needs one, which maps its schemas to
 * commands. Beans of this type are called in their order.
 */
@FunctionalInterface
public interface RedisWriterCustomizer {

  /**
   * Maps schemas and sets options.
   *
   * @param flow the name of the flow's bean
   */
  void customize(String flow, RedisBatchWriter.Builder builder);
}
