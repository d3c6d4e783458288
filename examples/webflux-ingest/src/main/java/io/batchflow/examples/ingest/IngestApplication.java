package io.batchflow.examples.ingest;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The service. {@code --ingest.url=r2dbc:postgresql://…} selects another database. */
@SpringBootApplication
@EnableConfigurationProperties(IngestProperties.class)
public class IngestApplication {

  /** Runs the service until it is stopped. */
  public static void main(String[] args) {
    SpringApplication.run(IngestApplication.class, args);
  }
}
