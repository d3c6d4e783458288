/** Stores the records of Kafka through a flow. */
module io.batchflow.kafka {
  requires transitive io.batchflow;
  requires transitive kafka.clients;
  requires static micrometer.core;

  exports io.batchflow.kafka;
}
