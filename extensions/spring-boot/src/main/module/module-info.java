/** The auto-configuration of flows in a Spring Boot application. */
module io.batchflow.spring.boot {
  requires transitive io.batchflow;
  requires static com.fasterxml.jackson.annotation;
  requires static io.batchflow.catalog.yaml;
  requires static io.batchflow.deadletter;
  requires static io.batchflow.journal;
  requires static io.batchflow.mediator;
  requires static io.batchflow.r2dbc;
  requires static io.batchflow.redis;
  requires static io.netty.common;
  requires static io.netty.transport;
  requires static java.sql;
  requires static lettuce.core;
  requires static micrometer.core;
  requires static micrometer.observation;
  requires static micrometer.tracing;
  requires static r2dbc.spi;
  requires static reactor.netty.core;
  requires static reactor.netty.http;
  requires static spring.boot.actuator;
  requires static spring.boot.actuator.autoconfigure;
  requires static spring.boot.data.redis;
  requires static spring.boot.health;
  requires static spring.boot.reactor.netty;
  requires static spring.boot.sql;
  requires static spring.boot.web.server;
  requires static spring.security.core;
  requires static spring.web;
  requires static spring.webflux;
  requires static tools.jackson.core;
  requires static tools.jackson.databind;
  requires reactor.core;
  requires spring.beans;
  requires spring.boot;
  requires spring.boot.autoconfigure;
  requires spring.context;
  requires spring.core;

  exports io.batchflow.spring.boot;
  exports io.batchflow.spring.boot.actuate;
  exports io.batchflow.spring.boot.catalog;
  exports io.batchflow.spring.boot.guard;
  exports io.batchflow.spring.boot.journal;
  exports io.batchflow.spring.boot.mediator;
  exports io.batchflow.spring.boot.micrometer;
  exports io.batchflow.spring.boot.outbox;
  exports io.batchflow.spring.boot.tuning;
  exports io.batchflow.spring.boot.web;

  // Spring creates the configurations, and binds the properties.
  opens io.batchflow.spring.boot to
      spring.beans,
      spring.boot,
      spring.context,
      spring.core;
  opens io.batchflow.spring.boot.aot to
      spring.beans,
      spring.core;
  opens io.batchflow.spring.boot.actuate to
      spring.beans,
      spring.boot,
      spring.context,
      spring.core;
  opens io.batchflow.spring.boot.catalog to
      spring.beans,
      spring.boot,
      spring.context,
      spring.core;
  opens io.batchflow.spring.boot.guard to
      spring.beans,
      spring.boot,
      spring.context,
      spring.core;
  opens io.batchflow.spring.boot.journal to
      spring.beans,
      spring.boot,
      spring.context,
      spring.core;
  opens io.batchflow.spring.boot.mediator to
      spring.beans,
      spring.context,
      spring.core;
  opens io.batchflow.spring.boot.micrometer to
      spring.beans,
      spring.context,
      spring.core;
  opens io.batchflow.spring.boot.outbox to
      spring.beans,
      spring.context,
      spring.core;
  opens io.batchflow.spring.boot.tuning to
      spring.beans,
      spring.boot,
      spring.context,
      spring.core;
  opens io.batchflow.spring.boot.web to
      spring.beans,
      spring.boot,
      spring.context,
      spring.core,
      spring.webflux,
      tools.jackson.databind;
}
