package io.batchflow.spring.boot;

import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.ConnectionFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ConnectionFactory.class, R2dbcBatchWriter.class})
final class R2dbcWriterConfiguration {

  @Bean
  @ConditionalOnMissingBean
  R2dbcWriters batchFlowR2dbcWriters(ListableBeanFactory beans) {
    return new R2dbcWriters(beans);
  }

  // Lazy, as an application without transactions of its own may have a database without a dialect.
  @Bean
  @Lazy
  @ConditionalOnMissingBean
  @ConditionalOnSingleCandidate(ConnectionFactory.class)
  R2dbcBatchWriter batchFlowTransactionWriter(ConnectionFactory connections) {
    return R2dbcBatchWriter.create(connections);
  }
}
