package io.batchflow.r2dbc.retention;

import io.batchflow.r2dbc.lease.LeaseDatabase;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A database of its own, with a table of events. */
final class RetentionScene implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  final Kind kind;
  private final LeaseDatabase database;

  RetentionScene(Kind kind) throws SQLException {
    this.kind = kind;
    this.database = kind.open();
  }

  ConnectionFactory factory() {
    return database.factory();
  }

  boolean isMariaDb() {
    return kind == Kind.MARIADB || kind == Kind.MARIADB_BY_MYSQL;
  }

  void run(String sql) {
    Flux.usingWhen(factory().create(), connection -> changed(connection, sql), Connection::close)
        .blockLast(PATIENCE);
  }

  static Flux<Long> changed(Connection connection, String sql) {
    return Flux.from(connection.createStatement(sql).execute()).flatMap(Result::getRowsUpdated);
  }

  List<Long> longs(String sql) {
    return Flux.usingWhen(
            factory().create(),
            connection ->
                Flux.from(connection.createStatement(sql).execute())
                    .flatMap(
                        result ->
                            result.map(
                                row ->
                                    Objects.requireNonNull(row.get(0, Number.class)).longValue())),
            Connection::close)
        .collectList()
        .blockOptional(PATIENCE)
        .orElseThrow();
  }

  List<Long> kept() {
    return longs("SELECT id FROM events ORDER BY id");
  }

  /** Creates the table with an index on its time column. */
  void createEvents(String timeType) {
    run("CREATE TABLE events (id BIGINT NOT NULL PRIMARY KEY, at_time " + timeType + " NULL)");
    run("CREATE INDEX events_at ON events (at_time)");
  }

  /** Inserts events with the next ids. */
  void insert(long firstId, List<String> literals) {
    StringBuilder values = new StringBuilder();
    for (String literal : literals) {
      values.append(values.isEmpty() ? "" : ", ").append('(').append(firstId++).append(", ");
      values.append(literal).append(')');
    }
    run("INSERT INTO events (id, at_time) VALUES " + values);
  }

  /** Returns the literal of a UTC time without a zone. */
  static String utc(Duration ago) {
    return "TIMESTAMP '"
        + TIME.format(LocalDateTime.ofInstant(Instant.now().minus(ago), ZoneOffset.UTC))
        + "'";
  }

  /** Returns the literal of a moment, for PostgreSQL and H2. */
  static String moment(Duration ago) {
    return "TIMESTAMP WITH TIME ZONE "
        + utc(ago)
            .substring("TIMESTAMP ".length())
            .replace("'", "")
            .transform(time -> "'" + time + "+00'");
  }

  static <T> T get(Mono<T> mono) {
    return mono.blockOptional(PATIENCE).orElseThrow();
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
