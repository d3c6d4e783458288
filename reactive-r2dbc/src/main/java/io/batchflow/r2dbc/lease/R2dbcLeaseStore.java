package io.batchflow.r2dbc.lease;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.lease.LeaseLostException;
import io.batchflow.lease.LeaseStore;
import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Stores leases in the table {@code batchflow_leases} of PostgreSQL, MySQL, MariaDB or H2, by the
 * clock of the database. {@link #createTable} creates it. {@link #fence} checks a token in the
 * transaction of the protected work.
 *
 * <p>Thread-safe. Each request takes a connection, commits at once, and closes the connection. The
 * factory stays yours: a pool of two connections is enough for many leases.
 */
public final class R2dbcLeaseStore implements LeaseStore {

  private final Requests requests;
  private final LeaseSql sql;

  private R2dbcLeaseStore(Requests requests, LeaseSql sql) {
    this.requests = requests;
    this.sql = sql;
  }

  /**
   * Returns the store of a database.
   *
   * @throws InvalidConfigurationException if the database is not supported
   */
  public static R2dbcLeaseStore create(ConnectionFactory factory) {
    Objects.requireNonNull(factory, "factory");
    return new R2dbcLeaseStore(Requests.to(factory), LeaseSql.of(factory.getMetadata().getName()));
  }

  /** Creates the table unless it exists. Do this with your migrations if you have some. */
  public Mono<Void> createTable() {
    return requests.send(LeaseSql.TABLE).then();
  }

  /**
   * Checks in a transaction that a lease is still held with a token, and keeps others from taking
   * it before the transaction ends. Call it first, and keep the transaction shorter than a third of
   * the ttl: a renewal waits for its end, too.
   *
   * @param connection a connection with an open transaction to the database of this store
   * @return fails with {@link LeaseLostException} if another holder had the lease since; roll the
   *     transaction back then
   */
  public Mono<Void> fence(Connection connection, String name, long token) {
    return Mono.defer(
            () ->
                Requests.first(
                    connection.createStatement(sql.fence).bind(0, name).bind(1, token),
                    row -> true))
        .switchIfEmpty(Mono.error(() -> new LeaseLostException(name, token)))
        .then();
  }

  /**
   * Returns which leases are held whose names begin with a prefix, such as those of processes that
   * share some work.
   *
   * @return their names, sorted
   */
  public Mono<List<String>> held(String prefix) {
    return requests.send(
        connection ->
            Flux.from(connection.createStatement(sql.held).bind(0, prefix + "%").execute())
                .flatMap(
                    result ->
                        result.map(row -> Objects.requireNonNull(row.get(0, String.class), "name")))
                .filter(name -> name.startsWith(prefix))
                .sort()
                .collectList());
  }

  @Override
  public Mono<Long> acquire(String name, String holder, Duration ttl) {
    return requests.send(connection -> acquire(connection, name, holder, micros(ttl)));
  }

  /** Looks first, so that a competitor neither writes nor locks while another holds the lease. */
  private Mono<Long> acquire(Connection connection, String name, String holder, long micros) {
    return Requests.first(connection.createStatement(sql.look).bind(0, name), Look::of)
        .map(
            look ->
                look.isFree() ? take(connection, name, holder, micros, look) : Mono.<Long>empty())
        .defaultIfEmpty(Mono.defer(() -> insert(connection, name, holder, micros)))
        .flatMap(taken -> taken);
  }

  private record Look(long token, boolean isFree) {

    static Look of(Readable row) {
      return new Look(number(row, 0), number(row, 1) == 1);
    }

    private static long number(Readable row, int index) {
      return Objects.requireNonNull(row.get(index, Number.class)).longValue();
    }
  }

  private Mono<Long> take(
      Connection connection, String name, String holder, long micros, Look look) {
    Statement take =
        connection
            .createStatement(sql.take)
            .bind(0, holder)
            .bind(1, micros)
            .bind(2, name)
            .bind(3, look.token());
    return Requests.changed(take).filter(rows -> rows == 1).map(rows -> look.token() + 1);
  }

  /** Another competitor may insert the first row of the lease at the same time. */
  private Mono<Long> insert(Connection connection, String name, String holder, long micros) {
    return Requests.changed(
            connection.createStatement(sql.insert).bind(0, name).bind(1, holder).bind(2, micros))
        .map(rows -> 1L)
        .onErrorComplete(R2dbcDataIntegrityViolationException.class);
  }

  @Override
  public Mono<Boolean> renew(String name, long token, Duration ttl) {
    return requests.send(
        connection ->
            Requests.changed(
                    connection
                        .createStatement(sql.renew)
                        .bind(0, micros(ttl))
                        .bind(1, name)
                        .bind(2, token))
                .map(rows -> rows == 1));
  }

  @Override
  public Mono<Void> release(String name, long token) {
    return requests
        .send(
            connection ->
                Requests.changed(
                    connection.createStatement(sql.release).bind(0, name).bind(1, token)))
        .then();
  }

  private static long micros(Duration ttl) {
    return ttl.toNanos() / 1_000;
  }

  @Override
  public String toString() {
    return "R2dbcLeaseStore";
  }
}
