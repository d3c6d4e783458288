package io.batchflow.sql.dialect;

import io.r2dbc.postgresql.codec.Interval;
import io.r2dbc.postgresql.codec.Json;

/** The text of the types of r2dbc-postgresql. Loaded only if that driver is on the class path. */
final class PostgresDriverText {

  private PostgresDriverText() {}

  /** The {@code toString} of geometric types is what PostgreSQL reads. */
  static String of(Object value) {
    if (value instanceof Json json) {
      return json.asString();
    }
    return value instanceof Interval interval ? interval.getValue() : value.toString();
  }
}
