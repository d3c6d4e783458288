package io.batchflow.r2dbc.catalog;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.sql.catalog.CatalogSql;
import io.batchflow.sql.dialect.Dialects;
import org.jspecify.annotations.Nullable;

/** The type of a column that {@link R2dbcTables} creates. */
public enum ColumnType {
  /** True or false. */
  BOOLEAN("boolean", "boolean", "boolean"),
  /** Whole numbers of 32 bits. */
  INTEGER("integer", "int", "integer"),
  /** Whole numbers of 64 bits. */
  BIGINT("bigint", "bigint", "bigint"),
  /** Floating point numbers of 64 bits. */
  DOUBLE("double precision", "double", "double precision"),
  /** Numbers of 38 digits, nine of them after the point. */
  DECIMAL("numeric(38, 9)", "decimal(38, 9)", "numeric(38, 9)"),
  /** Text. As part of a key on MySQL and MariaDB, at most 190 characters. */
  TEXT("text", "longtext", "varchar", "varchar(190)"),
  /** A time, in microseconds; on MySQL and MariaDB without a zone, which is then UTC. */
  TIMESTAMP("timestamp(6) with time zone", "datetime(6)", "timestamp(6) with time zone"),
  /** A day. */
  DATE("date", "date", "date"),
  /** A UUID; on MySQL and MariaDB a text of 36 characters. */
  UUID("uuid", "char(36)", "uuid"),
  /** Bytes. As part of a key on MySQL and MariaDB, at most 190. */
  BYTES("bytea", "longblob", "varbinary", "varbinary(190)"),
  /** A JSON document. */
  JSON("jsonb", "json", "json");

  private final String postgres;
  private final String mysql;
  private final String h2;
  private final @Nullable String mysqlKey;

  ColumnType(String postgres, String mysql, String h2) {
    this(postgres, mysql, h2, null);
  }

  ColumnType(String postgres, String mysql, String h2, @Nullable String mysqlKey) {
    this.postgres = postgres;
    this.mysql = mysql;
    this.h2 = h2;
    this.mysqlKey = mysqlKey;
  }

  /**
   * Returns the name of this type in a database.
   *
   * @param product the name of the database in the metadata of the driver
   * @throws InvalidConfigurationException if the database is not supported
   */
  String in(String product, boolean key) {
    return switch (Dialects.of(product).product()) {
      case "PostgreSQL" -> postgres;
      case "MySQL", "MariaDB" -> key && mysqlKey != null ? mysqlKey : mysql;
      case "H2" -> h2;
      default -> throw CatalogSql.unsupported(product);
    };
  }
}
