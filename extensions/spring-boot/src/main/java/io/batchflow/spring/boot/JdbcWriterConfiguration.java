package io.batchflow.spring.boot;

import io.batchflow.jdbc.JdbcBatchWriter;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({DataSource.class, JdbcBatchWriter.class})
final class JdbcWriterConfiguration {

  @Bean
  @ConditionalOnMissingBean
  JdbcWriters batchFlowJdbcWriters(ListableBeanFactory beans) {
    return new JdbcWriters(beans);
  }
}
