package io.batchflow.examples.ingest;

import io.batchflow.micrometer.FlowMetrics;
import io.batchflow.spring.boot.micrometer.FlowMetricsFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** The service. {@code --spring.r2dbc.url=r2dbc:postgresql://…} selects another database. */
@SpringBootApplication
public class IngestApplication {

  /** Runs the service until it is stopped. */
  public static void main(String[] args) {
    SpringApplication.run(IngestApplication.class, args);
  }

  /** The dashboard shows percentiles. */
  @Bean
  FlowMetricsFactory metrics() {
    return flow -> FlowMetrics.builder(flow).percentileHistogram(true).build();
  }
}
