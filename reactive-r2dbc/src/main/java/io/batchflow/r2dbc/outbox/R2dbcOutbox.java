package io.batchflow.r2dbc.outbox;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import io.batchflow.message.Message;
import io.batchflow.message.MessagePublisher;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Messages that are sent if, and only if, a transaction commits. They are appended to the table
 * {@code batchflow_outbox} in the transaction, on PostgreSQL, MySQL, MariaDB or H2. An {@link
 * OutboxRelay} publishes them after the commit, at least once and in order of each key.
 *
 * <p>Thread-safe. The factory stays yours.
 */
public final class R2dbcOutbox {

  /** The most messages in a call. */
  public static final int MAX_MESSAGES = 1_000;

  private final ConnectionFactory factory;
  private final Requests requests;
  private final OutboxSql sql;
  private final R2dbcLeaseStore leases;
  private final @Nullable Announcer announcer;
  private final Set<OutboxRelay> relays = new CopyOnWriteArraySet<>();

  private R2dbcOutbox(ConnectionFactory factory, String product) {
    this.factory = factory;
    this.requests = Requests.to(factory);
    this.sql = OutboxSql.of(product);
    this.leases = R2dbcLeaseStore.create(factory);
    this.announcer = sql.notifies() ? new Announcer(requests) : null;
  }

  /**
   * Returns the outbox of a database.
   *
   * @param factory a pool: its connections are used for relays and leases, and to notify relays
   * @throws InvalidConfigurationException if the database is not supported
   */
  public static R2dbcOutbox create(ConnectionFactory factory) {
    Objects.requireNonNull(factory, "factory");
    return new R2dbcOutbox(factory, Dialects.of(factory.getMetadata().getName()).product());
  }

  /**
   * Creates the table of messages and that of {@linkplain R2dbcLeaseStore leases} unless they
   * exist. Do this with your migrations if you have some.
   */
  public Mono<Void> createTables() {
    return create(sql.tables());
  }

  /**
   * Creates the same tables, but with partitions that {@link #rotate()} empties, for many messages
   * on PostgreSQL.
   *
   * @throws UnsupportedOperationException on other databases
   */
  public Mono<Void> createRotatingTables() {
    return create(sql.rotatingTables());
  }

  private Mono<Void> create(List<String> tables) {
    return leases
        .createTable()
        .thenMany(Flux.fromIterable(tables).concatMap(requests::send))
        .then();
  }

  /**
   * Truncates the partitions of {@link #createRotatingTables()} whose messages have all left, so
   * that nothing remains of their deleted rows, even while an old transaction keeps a vacuum from
   * removing them. Waits for no lock. Do it every few seconds in one of several processes.
   *
   * @return how many partitions were truncated
   * @throws UnsupportedOperationException on other databases
   */
  public Mono<Long> rotate() {
    return sql.rotate(requests);
  }

  /** Returns the Schema of rejected messages, for submitting dead letters again. */
  public static Schema schema() {
    return Rejections.SCHEMA;
  }

  /**
   * Appends messages in one statement. They are published in this order, by key, if the transaction
   * commits. Append after you have changed the rows that the messages tell of: then the locks of
   * these rows also order the messages.
   *
   * @param connection a connection with an open transaction
   * @param messages up to 1,000
   * @return completes when they are appended; call {@link #committed()} after the commit
   * @throws IllegalArgumentException if there are too many messages
   */
  public Mono<Void> append(Connection connection, Collection<Message> messages) {
    List<Message> given = List.copyOf(messages);
    if (given.size() > MAX_MESSAGES) {
      throw new IllegalArgumentException(
          given.size() + " messages are more than " + MAX_MESSAGES + ": divide them");
    }
    return Mono.defer(
        () -> {
          if (connection.isAutoCommit()) {
            return Mono.error(
                new IllegalStateException(
                    "The connection is in no transaction: begin one, and append in it"));
          }
          return given.isEmpty()
              ? Mono.empty()
              : Requests.changed(sql.append(connection, given)).then();
        });
  }

  /**
   * Tells the relays that a transaction with messages has been committed: those of this process at
   * once, and on PostgreSQL those of others within 10 ms. Never blocks or fails. Without it, relays
   * find the messages by polling.
   */
  public void committed() {
    int heldHere = 0;
    for (OutboxRelay relay : relays) {
      relay.wakeUp();
      heldHere += relay.shards();
    }
    if (announcer != null && heldHere < Shards.COUNT) {
      announcer.announce();
    }
  }

  /**
   * Starts to build a relay. Several may run, in this process and others.
   *
   * @param publisher where the messages go
   */
  public OutboxRelay.Builder relay(MessagePublisher publisher) {
    return new OutboxRelay.Builder(this, publisher);
  }

  R2dbcLeaseStore leases() {
    return leases;
  }

  OutboxRelay built(RelayOptions options) {
    return new OutboxRelay(options, factory, sql, leases, relays);
  }

  @Override
  public String toString() {
    return "R2dbcOutbox";
  }
}
