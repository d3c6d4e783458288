package io.batchflow.r2dbc.inbox;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.r2dbc.request.Requests;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Remembers which messages a consumer has handled, in the table {@code batchflow_inbox} of
 * PostgreSQL, MariaDB or H2. It records messages in the transaction of the work, so that a message
 * that arrives twice has its effect once.
 *
 * <p>Thread-safe. The factory stays yours.
 */
public final class R2dbcInbox {

  /** The most ids in a call. */
  public static final int MAX_IDS = 1_000;

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

  /** Creates the table unless it exists. Do this with your migrations if you have some. */
  public Mono<Void> createTable() {
    return requests.send(sql.table).then();
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
    // In the same order everywhere, so that two transactions cannot wait for each other.
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
    if (sorted.isEmpty()) {
      return Mono.just(Set.of());
    }
    return Flux.defer(() -> sql.record(connection, consumer, sorted).execute())
        .flatMap(
            result -> result.map(row -> Objects.requireNonNull(row.get(0, String.class), "id")))
        .collect(TreeSet::new, Set::add);
  }

  /**
   * Forgets messages of this consumer, by the clock of the database. Keep them longer than a
   * message can be delivered again.
   *
   * @param age how long ago they were recorded; at least a second
   * @return how many were forgotten
   * @throws IllegalArgumentException if the age is shorter
   */
  public Mono<Long> removeOlderThan(Duration age) {
    if (age.toSeconds() < 1) {
      throw new IllegalArgumentException("The age is " + age + ", less than a second");
    }
    return requests.send(sql.remove, consumer, age.toSeconds());
  }

  @Override
  public String toString() {
    return "R2dbcInbox[" + consumer + "]";
  }
}
