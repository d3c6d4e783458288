package io.batchflow.spring.boot.aot;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.BatchWriterFactory;
import io.batchflow.spring.boot.actuate.BatchFlowEndpoint;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** An application that is started from the code that Spring generated for it. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class AheadOfTimeApplication {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Bean
  BatchWriterFactory writers() {
    return flow -> RecordingWriter.create();
  }

  /**
   * Starts the context and stores a row through each flow. Called by reflection in a class loader
   * of its own.
   *
   * @return the capacity of each flow in the answer of the endpoint
   */
  static Map<String, Long> run(String initializer, String[] properties)
      throws ReflectiveOperationException {
    try (GenericApplicationContext context = new GenericApplicationContext()) {
      TestPropertyValues.of(properties).applyTo(context);
      initializer(initializer).initialize(context);
      context.refresh();
      BatchFlowEndpoint endpoint = context.getBean(BatchFlowEndpoint.class);
      Map<String, Long> capacities = new TreeMap<>();
      context
          .getBeansOfType(BatchFlow.class)
          .forEach(
              (name, flow) -> {
                flow.table(Shipment.class)
                    .submit(new Shipment(1, new Shipment.Place("Oslo"), "fragile"))
                    .block(PATIENCE);
                if (endpoint.flow(name) != null) {
                  capacities.put(name, flow.stats().capacity());
                }
              });
      return capacities;
    }
  }

  @SuppressWarnings("unchecked")
  private static ApplicationContextInitializer<GenericApplicationContext> initializer(String name)
      throws ReflectiveOperationException {
    return (ApplicationContextInitializer<GenericApplicationContext>)
        BeanUtils.instantiateClass(Class.forName(name));
  }
}
