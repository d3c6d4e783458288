package io.batchflow.sql.catalog;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.sql.dialect.Dialects;
import java.util.List;

/**
 * The statements of a catalog for one database. The single row of {@code batchflow_catalog} has the
 * generation of the last change. Each change locks it first, so changes commit in the order of
 * their generations. Times are milliseconds since 1970. Parameters are question marks. Immutable.
 */
public final class CatalogSql {

  /** Returns the generation of the last change. */
  public static final String GENERATION = "SELECT generation FROM batchflow_catalog";

  /** Adds the row with the generation. */
  public static final String FIRST_GENERATION =
      "INSERT INTO batchflow_catalog (id, generation) VALUES (1, 0)";

  /** Raises the generation, and holds other changes back until the transaction ends. */
  public static final String NEXT_GENERATION =
      "UPDATE batchflow_catalog SET generation = generation + 1 WHERE id = 1";

  /** Returns the columns of all tables. */
  public static final String TABLES =
      "SELECT name, status, settings, generation, created_at, changed_at FROM batchflow_tables";

  /** Creates the tables. */
  public final List<String> schema;

  /** Takes the name. */
  public final String find;

  /** Takes the name. Returns the number of all tables, and of those of this name. */
  public final String count;

  /** Takes the name, the status, the settings, the generation and the two times. */
  public final String insert;

  /** Takes the status, the settings, the next generation, the time, the name and the generation. */
  public final String replace;

  /** Takes the name and the generation. */
  public final String remove;

  private CatalogSql(String name, String text) {
    this.schema =
        List.of(
            "CREATE TABLE IF NOT EXISTS batchflow_catalog (id INT NOT NULL PRIMARY KEY,"
                + " generation BIGINT NOT NULL)",
            "CREATE TABLE IF NOT EXISTS batchflow_tables (name "
                + name
                + " NOT NULL PRIMARY KEY, status VARCHAR(16) NOT NULL, settings "
                + text
                + " NOT NULL, generation BIGINT NOT NULL, created_at BIGINT NOT NULL,"
                + " changed_at BIGINT NOT NULL)");
    this.find = TABLES + " WHERE name = ?";
    this.count = "SELECT COUNT(*), COUNT(CASE WHEN name = ? THEN 1 END) FROM batchflow_tables";
    this.insert =
        "INSERT INTO batchflow_tables"
            + " (name, status, settings, generation, created_at, changed_at)"
            + " VALUES (?, ?, ?, ?, ?, ?)";
    this.replace =
        "UPDATE batchflow_tables SET status = ?, settings = ?, generation = ?, changed_at = ?"
            + " WHERE name = ? AND generation = ?";
    this.remove = "DELETE FROM batchflow_tables WHERE name = ? AND generation = ?";
  }

  /**
   * Returns the statements for a database.
   *
   * @param product its name in the metadata of the driver
   */
  public static CatalogSql of(String product) {
    return switch (Dialects.of(product).product()) {
      case "PostgreSQL" -> new CatalogSql("VARCHAR(190)", "TEXT");
      case "MySQL", "MariaDB" ->
          new CatalogSql(
              "VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
              "MEDIUMTEXT CHARACTER SET utf8mb4");
      case "H2" -> new CatalogSql("VARCHAR(190)", "VARCHAR(1000000)");
      case "SQLite" -> new CatalogSql("TEXT", "TEXT");
      default -> throw unsupported(product);
    };
  }

  /** Returns the error for a database that is not supported. */
  public static InvalidConfigurationException unsupported(String product) {
    return new InvalidConfigurationException(
        "database",
        "is for " + product + ", which is not supported",
        "Use PostgreSQL, MySQL, MariaDB, H2 or SQLite");
  }
}
