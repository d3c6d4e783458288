/** Messages and their handlers, singly or in batches. */
module io.batchflow.mediator {
  requires transitive io.batchflow;
  requires static io.batchflow.r2dbc;
  requires static micrometer.commons;
  requires static micrometer.observation;
  requires static r2dbc.spi;

  exports io.batchflow.mediator;
  exports io.batchflow.mediator.behavior;
}
