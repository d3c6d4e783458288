package io.batchflow.benchmarks.service;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The service. It prints its port when it serves. */
@SpringBootApplication(proxyBeanMethods = false)
public class ServiceApp {

  /** Runs the service until its standard input ends, as it does with the process that feeds it. */
  public static void main(String[] args) throws Exception {
    try (ConfigurableApplicationContext context = SpringApplication.run(ServiceApp.class, args)) {
      System.out.println(context.getEnvironment().getRequiredProperty("local.server.port"));
      while (System.in.read() >= 0) {
        // Nothing is sent.
      }
    }
  }
}
