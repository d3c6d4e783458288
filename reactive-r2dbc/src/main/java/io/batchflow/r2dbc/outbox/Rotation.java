package io.batchflow.r2dbc.outbox;

import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Partitions of the table on PostgreSQL, which take the messages of a minute in turn. An empty one
 * is truncated: that also removes the deleted rows which a vacuum must keep for an old transaction.
 */
final class Rotation {

  private static final int PARTS = 3;
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String NAME = "batchflow_outbox_";

  /** As of the beginning of the transaction. */
  private static final String CURRENT =
      "CAST(FLOOR(EXTRACT(EPOCH FROM now()) / 60) AS BIGINT) % " + PARTS;

  private Rotation() {}

  /** Returns the statements that create the table and its partitions unless they exist. */
  static List<String> tables() {
    return Stream.concat(
            Stream.of(
                "CREATE SEQUENCE IF NOT EXISTS batchflow_outbox_seq",
                "CREATE TABLE IF NOT EXISTS batchflow_outbox (shard SMALLINT NOT NULL,"
                    + " seq BIGINT DEFAULT nextval('batchflow_outbox_seq') NOT NULL,"
                    + PostgresOutboxSql.COLUMNS
                    + ", part SMALLINT DEFAULT "
                    + CURRENT
                    + " NOT NULL, PRIMARY KEY (shard, seq, part)) PARTITION BY LIST (part)"),
            IntStream.range(0, PARTS)
                .mapToObj(
                    part ->
                        "CREATE TABLE IF NOT EXISTS "
                            + NAME
                            + part
                            + " PARTITION OF batchflow_outbox FOR VALUES IN ("
                            + part
                            + ")"))
        .toList();
  }

  /** Truncates the partitions whose messages have all left. Returns how many. */
  static Mono<Long> rotate(Requests requests) {
    return requests
        .send(Rotation::candidates)
        .flatMapIterable(parts -> parts)
        .concatMap(part -> requests.send(connection -> truncated(connection, NAME + part)))
        .filter(truncated -> truncated)
        .count();
  }

  /** Those that take no messages now, and have pages. */
  private static Mono<List<Integer>> candidates(Connection connection) {
    String sizes =
        IntStream.range(0, PARTS)
            .mapToObj(part -> "(" + part + ", pg_relation_size('" + NAME + part + "'))")
            .collect(Collectors.joining(", "));
    return Flux.from(
            connection
                .createStatement(
                    "SELECT part FROM (VALUES "
                        + sizes
                        + ") AS parts (part, size) WHERE size > 0 AND part <> "
                        + CURRENT)
                .execute())
        .flatMap(
            result -> result.map(row -> Objects.requireNonNull(row.get(0, Integer.class), "part")))
        .collectList();
  }

  /** Waits for nobody, as everybody else would wait behind it. */
  private static Mono<Boolean> truncated(Connection connection, String part) {
    Mono<Boolean> work =
        isEmpty(connection, part)
            .filter(empty -> empty)
            .flatMap(
                empty -> run(connection, "LOCK TABLE " + part + " IN ACCESS EXCLUSIVE MODE NOWAIT"))
            .flatMap(locked -> isEmpty(connection, part))
            .filter(empty -> empty)
            .flatMap(empty -> run(connection, "TRUNCATE " + part))
            .map(done -> true)
            .defaultIfEmpty(false);
    return Requests.atomically(connection, work)
        .onErrorResume(
            failure ->
                failure instanceof R2dbcException refused
                    && LOCK_NOT_AVAILABLE.equals(refused.getSqlState()),
            busy -> Mono.just(false));
  }

  private static Mono<Boolean> isEmpty(Connection connection, String part) {
    return Mono.defer(
        () ->
            Requests.first(
                connection.createStatement("SELECT NOT EXISTS (SELECT 1 FROM " + part + ")"),
                row -> Objects.requireNonNull(row.get(0, Boolean.class), "empty")));
  }

  private static Mono<Long> run(Connection connection, String sql) {
    return Requests.changed(connection.createStatement(sql));
  }
}
