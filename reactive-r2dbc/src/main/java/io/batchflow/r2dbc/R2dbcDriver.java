package io.batchflow.r2dbc;

import io.batchflow.FailureKind;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.r2dbc.spi.R2dbcException;
import org.jspecify.annotations.Nullable;

/**
 * The features of a driver beyond the interfaces of R2DBC. The defaults suit any driver.
 * Implementations are safe for any thread.
 */
interface R2dbcDriver {

  /** A driver without special features, such as those of MySQL and MariaDB. */
  R2dbcDriver OTHER = new R2dbcDriver() {};

  /** Another driver of PostgreSQL than r2dbc-postgresql. */
  R2dbcDriver OTHER_POSTGRES =
      new R2dbcDriver() {
        @Override
        public Placeholder placeholder() {
          return Placeholder.NUMBERED;
        }
      };

  /** Returns the driver for the database of a dialect. */
  static R2dbcDriver of(SqlDialect dialect) {
    return switch (dialect.product()) {
      case "PostgreSQL" -> isPostgresDriverHere() ? new PostgresDriver() : OTHER_POSTGRES;
      case "H2" -> new H2Driver();
      default -> OTHER;
    };
  }

  private static boolean isPostgresDriverHere() {
    try {
      Class.forName("io.r2dbc.postgresql.api.PostgresqlConnection");
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }

  /** Returns how the driver wants parameters spelled. Defaults to {@code ?}. */
  default Placeholder placeholder() {
    return Placeholder.QUESTION_MARK;
  }

  /**
   * Returns the rows in binary form, encoded before there is a connection; null, which is the
   * default, if values are bound one by one.
   */
  default @Nullable BinaryRows encode(SqlStatement rows) {
    return null;
  }

  /** Returns an array in the form that the driver takes. Defaults to the array itself. */
  default Object[] array(@Nullable Object[] values) {
    return values;
  }

  /** Returns the row that a failure names, from 1; 0, which is the default, if it names none. */
  default int badRow(R2dbcException failure, SqlTable table) {
    return 0;
  }

  /**
   * Returns what a failure means, by all details that the driver has. Defaults to what its codes
   * mean.
   */
  default FailureKind kind(FailureKind byCode, R2dbcException failure) {
    return byCode;
  }

  /**
   * Returns whether {@link #kind} distinguishes a lost session from a trigger that raises the same
   * code. Defaults to false: the session has to be validated.
   */
  default boolean tellsLostSessions() {
    return false;
  }
}
