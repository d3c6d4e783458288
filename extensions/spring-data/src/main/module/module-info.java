/** Repositories of Spring Data R2DBC that write entities in batches. */
module io.batchflow.spring.data {
  requires transitive io.batchflow;
  requires io.batchflow.r2dbc;
  requires transitive org.reactivestreams;
  requires transitive reactor.core;
  requires r2dbc.spi;
  requires spring.aop;
  requires spring.beans;
  requires spring.context;
  requires spring.core;
  requires spring.data.commons;
  requires spring.data.r2dbc;
  requires spring.data.relational;
  requires spring.r2dbc;
  requires spring.tx;

  exports io.batchflow.spring.data;

  // Spring creates the fragment and the configuration.
  opens io.batchflow.spring.data to
      spring.beans,
      spring.context,
      spring.core;
}
