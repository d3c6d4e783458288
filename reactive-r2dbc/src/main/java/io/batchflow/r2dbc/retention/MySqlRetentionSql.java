package io.batchflow.r2dbc.retention;

import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlWriteException;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.IsolationLevel;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The statements for MySQL and MariaDB. A {@code DELETE} locks all rows that it reads, so it must
 * read only those that it deletes: there must be an index. The server compares a {@code TIMESTAMP}
 * with a literal in the zone of the session, which is therefore UTC meanwhile.
 */
final class MySqlRetentionSql implements RetentionSql {

  private static final String SET_ZONE = "SET time_zone = '%s'";

  @Override
  public String now() {
    return "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))";
  }

  @Override
  public @Nullable TimeType typeOf(SqlColumn column) {
    return TimeType.of(column.type(), true);
  }

  @Override
  public String literal(TimeType type, String text) {
    return RetentionSql.standardLiteral(type == TimeType.MOMENT ? TimeType.LOCAL : type, text);
  }

  @Override
  public String delete(Target target, Part part, Slice slice, String expired) {
    return "DELETE FROM "
        + part.table()
        + " WHERE "
        + expired
        + " ORDER BY "
        + target.quotedColumn()
        + " LIMIT "
        + slice.rows();
  }

  /** Rows that were deleted stay in the index for a while, and would be passed again and again. */
  @Override
  public @Nullable String oldest(Target target, Part part, String expired) {
    return "SELECT CAST(MIN("
        + target.quotedColumn()
        + ") AS CHAR) FROM "
        + part.table()
        + " WHERE "
        + expired;
  }

  @Override
  public Mono<List<Part>> parts(Connection connection, Target target, Schema schema) {
    return Requests.first(
            Requests.bound(
                connection,
                "SELECT COUNT(*) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ?"
                    + " AND TABLE_NAME = ? AND COLUMN_NAME = ? AND SEQ_IN_INDEX = 1"
                    + " AND INDEX_TYPE = 'BTREE'",
                target.schema(),
                target.name(),
                target.column()),
            row -> Objects.requireNonNull(row.get(0, Number.class)).longValue())
        .flatMap(
            indexes ->
                indexes > 0
                    ? RetentionSql.super.parts(connection, target, schema)
                    : Mono.error(() -> noIndex(target, schema)));
  }

  private static SqlWriteException noIndex(Target target, Schema schema) {
    return new SqlWriteException(
        FailureKind.UNUSABLE,
        schema,
        "no index begins with the time column '"
            + target.column()
            + "', so that each batch would"
            + " lock the whole table",
        "Create one",
        null);
  }

  @Override
  public <T> Mono<T> inZone(Connection connection, Target target, Mono<T> work) {
    if (target.type() != TimeType.MOMENT) {
      return work;
    }
    return Requests.first(
            connection.createStatement("SELECT @@session.time_zone"),
            row -> Objects.requireNonNull(row.get(0, String.class)))
        .flatMap(
            zone -> {
              Mono<Void> restored = set(connection, zone);
              return Requests.orUndo(set(connection, "+00:00").then(work), restored)
                  .flatMap(result -> restored.thenReturn(result));
            });
  }

  private static Mono<Void> set(Connection connection, String zone) {
    return Mono.defer(() -> Requests.changed(connection.createStatement(SET_ZONE.formatted(zone))))
        .then();
  }

  /** Otherwise the gaps between the rows would be locked, too. */
  @Override
  public Mono<Void> begin(Connection connection) {
    return Mono.from(connection.beginTransaction(IsolationLevel.READ_COMMITTED));
  }
}
