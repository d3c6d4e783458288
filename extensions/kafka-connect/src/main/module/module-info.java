/** A sink connector for Kafka Connect. */
module io.batchflow.kafka.connect {
  requires io.batchflow;
  requires io.batchflow.r2dbc;
  requires io.batchflow.redis;
  requires transitive connect.api;
  requires transitive kafka.clients;
  requires connect.json;
  requires org.xerial.sqlitejdbc;

  exports io.batchflow.kafka.connect;

  provides org.apache.kafka.connect.sink.SinkConnector with
      io.batchflow.kafka.connect.BatchFlowSinkConnector;
}
