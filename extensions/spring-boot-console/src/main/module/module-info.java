/** A live page about the flows of a Spring Boot application. */
module io.batchflow.spring.boot.console {
  requires transitive io.batchflow;
  requires transitive io.batchflow.spring.boot;
  requires HdrHistogram;
  requires reactor.core;
  requires spring.beans;
  requires spring.boot;
  requires spring.boot.actuator;
  requires spring.boot.autoconfigure;
  requires spring.context;
  requires spring.core;
  requires spring.web;
  requires spring.webflux;
  requires tools.jackson.databind;

  exports io.batchflow.spring.boot.console;

  // Spring creates the configuration and binds the properties. Jackson reads the records.
  opens io.batchflow.spring.boot.console to
      spring.beans,
      spring.boot,
      spring.context,
      spring.core,
      tools.jackson.databind;
}
