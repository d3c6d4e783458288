package io.batchflow.spring.boot.test;

import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.BatchWriterFactory;
import io.batchflow.test.RecordingWriter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * Lets all auto-configured flows write into memory. Only {@link AutoConfigureBatchFlow} uses it.
 */
@AutoConfiguration(before = BatchFlowAutoConfiguration.class)
public final class RecordingWriterAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  RecordingWriter recordingWriter() {
    return RecordingWriter.create();
  }

  // Goes before a factory of the application.
  @Bean
  @Primary
  BatchWriterFactory recordingWriterFactory(RecordingWriter writer) {
    return flow -> writer;
  }
}
