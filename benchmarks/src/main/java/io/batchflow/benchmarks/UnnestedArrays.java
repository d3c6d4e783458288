package io.batchflow.benchmarks;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.time.LocalDateTime;
import org.reactivestreams.Publisher;

/** A hand-written version of the flow's statement, with an array for each column. */
final class UnnestedArrays implements R2dbcLoop.Write {

  private final String sql;

  private UnnestedArrays(String arrays, String onConflict) {
    this.sql =
        "INSERT INTO events ("
            + Events.columns('"')
            + ") SELECT * FROM unnest("
            + arrays
            + ") "
            + onConflict;
  }

  /**
   * Returns the statement for the arrays of r2dbc-postgresql.
   *
   * @param onConflict the SQL clause for conflicts
   */
  static UnnestedArrays postgres(String onConflict) {
    return new UnnestedArrays(
        "$1::int8[], $2::int4[], $3::varchar[], $4::float8[], $5::timestamp[]", onConflict);
  }

  static UnnestedArrays h2() {
    return new UnnestedArrays(
        "CAST($1 AS BIGINT ARRAY), CAST($2 AS INT ARRAY), CAST($3 AS VARCHAR ARRAY),"
            + " CAST($4 AS DOUBLE PRECISION ARRAY), CAST($5 AS TIMESTAMP ARRAY)",
        "");
  }

  @Override
  public Publisher<?> batch(Connection connection, int first, int rows) {
    Long[] ids = new Long[rows];
    Integer[] devices = new Integer[rows];
    String[] kinds = new String[rows];
    Double[] values = new Double[rows];
    LocalDateTime[] times = new LocalDateTime[rows];
    for (int i = 0; i < rows; i++) {
      ids[i] = Events.id(first + i);
      devices[i] = Events.deviceId(first + i);
      kinds[i] = Events.kind(first + i);
      values[i] = Events.value(first + i);
      times[i] = Events.createdAt(first + i);
    }
    Statement statement = connection.createStatement(sql);
    return Statements.run(
        statement.bind(0, ids).bind(1, devices).bind(2, kinds).bind(3, values).bind(4, times));
  }
}
