/** The API of BatchFlow. The engine in io.batchflow.internal is not exported. */
module io.batchflow {
  requires transitive org.reactivestreams;
  requires transitive reactor.core;
  requires static transitive org.jspecify;
  requires static org.slf4j;
  requires static micrometer.commons;
  requires static micrometer.core;
  requires static micrometer.observation;
  requires static micrometer.tracing;

  exports io.batchflow;
  exports io.batchflow.annotation;
  exports io.batchflow.audit;
  exports io.batchflow.catalog;
  exports io.batchflow.coalesce;
  exports io.batchflow.control;
  exports io.batchflow.guard;
  exports io.batchflow.health;
  exports io.batchflow.lease;
  exports io.batchflow.message;
  exports io.batchflow.micrometer;
  exports io.batchflow.routing;
  exports io.batchflow.spi;
  exports io.batchflow.stats;
  exports io.batchflow.table;
  exports io.batchflow.tenant;
  exports io.batchflow.test;
  exports io.batchflow.tuning;
  exports io.batchflow.unit;
  exports io.batchflow.watermark;
}
