/** Quotas of users, tenants and tables. */
module io.batchflow.quota {
  requires transitive io.batchflow;
  requires io.github.bucket4j.core;
  requires static micrometer.core;

  exports io.batchflow.quota;
}
