package io.batchflow.spring.boot;

import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.ConnectionFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ConnectionFactory.class, R2dbcBatchWriter.class})
@ConditionalOnSingleCandidate(ConnectionFactory.class)
final class R2dbcWriterConfiguration {

  @Bean
  @ConditionalOnMissingBean
  BatchWriterFactory batchWriterFactory(ConnectionFactory connections) {
    return flow -> R2dbcBatchWriter.create(connections);
  }
}
