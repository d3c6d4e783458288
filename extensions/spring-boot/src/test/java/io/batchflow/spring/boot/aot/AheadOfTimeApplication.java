package io.batchflow.spring.boot.aot;

import io.batchflow.BatchFlow;
import io.batchflow.coalesce.BatchHandler;
import io.batchflow.coalesce.Reply;
import io.batchflow.mediator.BatchKey;
import io.batchflow.mediator.Mediator;
import io.batchflow.mediator.Request;
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
import reactor.core.publisher.Mono;

/** An application that is started from the code that Spring generated for it. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class AheadOfTimeApplication {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Bean
  BatchWriterFactory writers() {
    return flow -> RecordingWriter.create();
  }

  /** A request that comes in lists, each with the requests of one shard. */
  record Ping(int id) implements Request<Integer> {

    @BatchKey
    int shard() {
      return id % 2;
    }
  }

  @Bean
  BatchHandler<Ping, Integer> pings() {
    return pings -> Mono.just(pings.stream().map(ping -> Reply.of(ping.id())).toList());
  }

  /**
   * Starts the context, sends a request and stores a row through each flow. Called by reflection in
   * a class loader of its own.
   *
   * @return the capacity of each flow in the answer of the endpoint
   */
  static Map<String, Long> run(String initializer, String[] properties)
      throws ReflectiveOperationException {
    try (GenericApplicationContext context = new GenericApplicationContext()) {
      TestPropertyValues.of(properties).applyTo(context);
      initializer(initializer).initialize(context);
      context.refresh();
      context.getBean(Mediator.class).send(new Ping(3)).block(PATIENCE);
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
