package io.batchflow.spring.boot;

import io.batchflow.redis.RedisBatchWriter;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({DataRedisConnectionDetails.class, RedisBatchWriter.class})
final class RedisWriterConfiguration {

  @Bean
  @ConditionalOnMissingBean
  RedisWriters batchFlowRedisWriters(
      ListableBeanFactory beans, ObjectProvider<RedisWriterCustomizer> customizers) {
    return new RedisWriters(beans, customizers.orderedStream().toList());
  }
}
