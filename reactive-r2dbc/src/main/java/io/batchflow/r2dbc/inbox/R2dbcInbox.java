package io.batchflow.r2dbc.inbox;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.r2dbc.request.Requests;
import io.batchflow.r2dbc.retention.Retention;
import io.batchflow.r2dbc.retention.RetentionRule;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Remembers which messages a consumer has handled, in the table {@code batchflow_inbox} of
 * PostgreSQL, MariaDB or H2. It records messages in the transaction of the work, so that a message
 * that arrives twice has its effect once. With the result of a message, it can be answered again.
 *
 * <p>Thread-safe. The factory stays yours.
 */
public final class R2dbcInbox {

  /** The most ids in a call. */
  public static final int MAX_IDS = 1_000;

  /** The most bytes of a result. */
  public static final int MAX_RESULT = 1 << 20;

  private static final int LONGEST = 190;

  private final Requests requests;
  private final InboxSql sql;
  private final String consumer;

  private R2dbcInbox(Requests requests, InboxSql sql, String consumer) {
    this.requests = requests;
    this.sql = sql;
    this.consumer = consumer;
  }

  /**
   * Returns the inbox of a consumer. Other consumers of the same messages have inboxes of their
   * own.
   *
   * @param consumer its name, at most 190 characters
   * @throws InvalidConfigurationException if the database is not supported, or the name is blank or
   *     too long
   */
  public static R2dbcInbox create(ConnectionFactory factory, String consumer) {
    Objects.requireNonNull(factory, "factory");
    if (consumer.isBlank() || consumer.length() > LONGEST) {
      throw new InvalidConfigurationException(
          "consumer",
          "is blank or too long",
          "Give the consumer a name of at most " + LONGEST + " characters");
    }
    return new R2dbcInbox(
        Requests.to(factory), InboxSql.of(factory.getMetadata().getName()), consumer);
  }

  /**
   * Returns how long messages are remembered, for a {@link Retention} of the same database. It
   * forgets those of all consumers in small transactions, with pauses between them. Keep messages
   * longer than they can be delivered again.
   *
   * @throws InvalidConfigurationException unless {@code age} is from a second to 36,500 days
   */
  public static RetentionRule retention(Duration age) {
    return RetentionRule.of(InboxSql.TABLE, InboxSql.TIME, age);
  }

  /** Creates the table unless it exists. Do this with your migrations if you have some. */
  public Mono<Void> createTable() {
    return requests.send(sql.table).then(requests.send(InboxSql.INDEX)).then();
  }

  /**
   * Records messages in one statement, and tells which of them are new. If another transaction has
   * recorded one of them and is still open, this waits for its end. A rollback forgets the
   * messages.
   *
   * @param connection a connection with an open transaction, in which the new messages are handled
   * @param ids up to 1,000 ids of at most 190 characters; equal ids count once
   * @return the ids that are new, sorted; empty if there are none
   * @throws IllegalArgumentException if there are too many ids, or one is too long or empty
   */
  public Mono<Set<String>> accept(Connection connection, Collection<String> ids) {
    List<String> sorted = sorted(ids);
    if (sorted.isEmpty()) {
      return Mono.just(Set.of());
    }
    return Flux.defer(() -> sql.record(connection, consumer, sorted).execute())
        .flatMap(
            result -> result.map(row -> Objects.requireNonNull(row.get(0, String.class), "id")))
        .collect(TreeSet::new, Set::add);
  }

  /**
   * Keeps the results of messages in one statement, so that {@link #results} can repeat them. They
   * are forgotten with their messages.
   *
   * @param connection the connection of the transaction that accepted the messages
   * @param results up to 1,000 results by the ids of their messages, each of at most a mebibyte
   * @throws IllegalArgumentException if there are too many, or one is too long
   */
  public Mono<Void> keep(Connection connection, Map<String, byte[]> results) {
    sorted(results.keySet());
    SortedMap<String, byte[]> given = new TreeMap<>(results);
    given.forEach(
        (id, result) -> {
          if (result.length > MAX_RESULT) {
            throw new IllegalArgumentException(
                "A result has " + result.length + " bytes, more than " + MAX_RESULT);
          }
        });
    return given.isEmpty()
        ? Mono.empty()
        : Mono.defer(() -> Requests.changed(sql.keep(connection, consumer, given))).then();
  }

  /**
   * Finds the results that were kept of messages.
   *
   * @param connection to the database; in the transaction that did not accept the messages, after
   *     {@link #accept}
   * @param ids up to 1,000 ids
   * @return the results by id; without those of messages of which none is kept
   * @throws IllegalArgumentException if there are too many ids, or one is too long or empty
   */
  public Mono<Map<String, byte[]>> results(Connection connection, Collection<String> ids) {
    List<String> sorted = sorted(ids);
    if (sorted.isEmpty()) {
      return Mono.just(Map.of());
    }
    return Flux.defer(() -> sql.results(connection, consumer, sorted).execute())
        .flatMap(
            result ->
                result.map(
                    row ->
                        Map.entry(
                            Objects.requireNonNull(row.get(0, String.class), "id"),
                            Objects.requireNonNull(row.get(1, byte[].class), "result"))))
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  /** In the same order everywhere, so that two transactions cannot wait for each other. */
  private static List<String> sorted(Collection<String> ids) {
    List<String> sorted = List.copyOf(new TreeSet<>(ids));
    if (sorted.size() > MAX_IDS) {
      throw new IllegalArgumentException(
          sorted.size() + " ids are more than " + MAX_IDS + ": divide them");
    }
    for (String id : sorted) {
      if (id.isEmpty() || id.length() > LONGEST) {
        throw new IllegalArgumentException(
            "An id of a message has " + id.length() + " characters, not 1 to " + LONGEST);
      }
    }
    return sorted;
  }

  @Override
  public String toString() {
    return "R2dbcInbox[" + consumer + "]";
  }
}
