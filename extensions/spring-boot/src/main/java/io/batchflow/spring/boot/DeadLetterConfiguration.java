package io.batchflow.spring.boot;

import io.batchflow.deadletter.DeadLetterFile;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(DeadLetterFile.class)
final class DeadLetterConfiguration {

  @Bean
  @ConditionalOnMissingBean
  DeadLetterFiles batchFlowDeadLetterFiles(BatchFlowProperties properties) {
    return new DeadLetterFiles(properties);
  }
}
