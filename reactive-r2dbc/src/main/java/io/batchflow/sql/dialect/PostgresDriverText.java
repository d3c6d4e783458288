package io.batchflow.sql.dialect;

import io.r2dbc.postgresql.codec.Interval;
import io.r2dbc.postgresql.codec.Json;

/** The text of r2dbc-postgresql's own types. Touched only where that driver is there. */
final class PostgresDriverText {

  private PostgresDriverText() {}

  /** Geometric types print as PostgreSQL reads them. */
  static String of(Object value) {
    if (value instanceof Json json) {
      return json.asString();
    }
    return value instanceof Interval interval ? interval.getValue() : value.toString();
  }
}
