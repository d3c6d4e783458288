package io.batchflow.examples.payments;

import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.r2dbc.spi.ConnectionFactory;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;

/** The service. {@code payment-service.properties} names its PostgreSQL. */
@SpringBootApplication
public class PaymentApplication {

  /** The name of its properties, so that several services can run in one JVM. */
  public static final String CONFIG = "spring.config.name=payment-service";

  /** Runs the service until it is stopped. */
  public static void main(String[] args) {
    new SpringApplicationBuilder(PaymentApplication.class).properties(CONFIG).run(args);
  }

  /** Which messages were booked. */
  @Bean
  R2dbcInbox inbox(ConnectionFactory connections) {
    return R2dbcInbox.create(connections, "payments");
  }
}
