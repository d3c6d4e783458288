package io.batchflow.spring.boot;

import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.ConnectionFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ConnectionFactory.class, R2dbcBatchWriter.class})
final class R2dbcWriterConfiguration {

  @Bean
  R2dbcWriters batchFlowR2dbcWriters(ListableBeanFactory beans) {
    return new R2dbcWriters(beans);
  }
}
