/**
 * Writers for SQL databases. It cannot provide its extension to r2dbc-postgresql here: a provided
 * service must be readable, and that driver is optional.
 */
module io.batchflow.r2dbc {
  requires transitive io.batchflow;
  requires transitive java.sql;
  requires transitive r2dbc.spi;
  requires transitive r2dbc.pool;
  requires static r2dbc.postgresql;
  requires static io.netty.buffer;
  requires static micrometer.core;

  exports io.batchflow.jdbc;
  exports io.batchflow.jdbc.catalog;
  exports io.batchflow.r2dbc;
  exports io.batchflow.r2dbc.catalog;
  exports io.batchflow.r2dbc.inbox;
  exports io.batchflow.r2dbc.lease;
  exports io.batchflow.r2dbc.outbox;
  exports io.batchflow.r2dbc.request to
      io.batchflow.backup,
      io.batchflow.kafka.connect;
  exports io.batchflow.r2dbc.retention;
  exports io.batchflow.sql;
  exports io.batchflow.sql.dialect;
}
