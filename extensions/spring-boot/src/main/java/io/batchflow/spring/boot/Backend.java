package io.batchflow.spring.boot;

/** The kind of database that a flow writes to. */
public enum Backend {
  /** Through a {@code ConnectionFactory}. */
  R2DBC("ConnectionFactory", "batchflow-reactive-r2dbc"),
  /** Through a {@code DataSource}, as for SQLite. */
  JDBC("DataSource", "batchflow-reactive-r2dbc"),
  /** With a client of its own for the server of {@code spring.data.redis}. */
  REDIS("DataRedisConnectionDetails", "batchflow-reactive-redis");

  final String type;
  final String artifact;

  Backend(String type, String artifact) {
    this.type = type;
    this.artifact = artifact;
  }
}
