package io.batchflow.spring.boot.catalog;

/** Where a catalog is stored. */
public enum CatalogStoreType {
  /** In this process: the tables are those of the properties. */
  MEMORY,
  /** In the tables of a {@code ConnectionFactory}. */
  R2DBC,
  /** In the tables of a {@code DataSource}, as of SQLite. */
  JDBC,
  /** In the server or cluster of {@code spring.data.redis}. */
  REDIS
}
