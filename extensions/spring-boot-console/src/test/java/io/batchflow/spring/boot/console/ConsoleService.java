package io.batchflow.spring.boot.console;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.spring.boot.BatchWriterFactory;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/** A WebFlux application with the flow {@code orders} and the page. */
record ConsoleService(ConfigurableApplicationContext context) implements AutoCloseable {

  static final String WRITABLE = "--batchflow.console.writable=true";
  static final Schema SALES = Schema.table("sales").columns("id").build();

  static ConsoleService start(String... arguments) {
    // The clients keep their connections, which would delay each stop.
    List<String> all =
        new ArrayList<>(
            List.of(
                "--server.port=0", "--batchflow.flows.orders=", "--batchflow.web.drain-time=0"));
    all.addAll(List.of(arguments));
    return new ConsoleService(
        new SpringApplicationBuilder(Application.class).run(all.toArray(String[]::new)));
  }

  BatchFlow flow() {
    return context.getBean(BatchFlow.class);
  }

  RecordingWriter writer() {
    return context.getBean(RecordingWriter.class);
  }

  String url() {
    return "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
  }

  @Override
  public void close() {
    context.close();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {

    @Bean
    RecordingWriter writer() {
      return RecordingWriter.create();
    }

    @Bean
    BatchWriterFactory writers(RecordingWriter writer) {
      return flow -> writer;
    }

    /** Shared threads would end for all contexts of the JVM when the first one stops. */
    @Bean
    ReactorResourceFactory reactorResources() {
      ReactorResourceFactory resources = new ReactorResourceFactory();
      resources.setUseGlobalResources(false);
      resources.setShutdownQuietPeriod(Duration.ZERO);
      return resources;
    }
  }
}
