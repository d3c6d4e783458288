package io.batchflow.examples.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service. {@code application.properties} names its PostgreSQL. */
@SpringBootApplication
public class OrderApplication {

  /** Runs the service until it is stopped. */
  public static void main(String[] args) {
    SpringApplication.run(OrderApplication.class, args);
  }
}
