package io.batchflow.r2dbc.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.r2dbc.lease.LeaseDatabase;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.batchflow.r2dbc.retention.Retention;
import io.batchflow.r2dbc.retention.RetentionRun;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A message is new once, and only if its transaction is committed. */
@Tag("server")
class R2dbcInboxTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static R2dbcInbox inboxIn(LeaseDatabase database, String consumer) {
    R2dbcInbox inbox = R2dbcInbox.create(database.factory(), consumer);
    inbox.createTable().then(inbox.createTable()).block(PATIENCE);
    return inbox;
  }

  private static Connection begun(ConnectionFactory factory) {
    Connection connection = Mono.from(factory.create()).block(PATIENCE);
    Mono.from(connection.beginTransaction()).block(PATIENCE);
    return connection;
  }

  private static void commit(Connection connection) {
    Mono.from(connection.commitTransaction()).then(Mono.from(connection.close())).block(PATIENCE);
  }

  private static Set<String> accepted(LeaseDatabase database, R2dbcInbox inbox, List<String> ids) {
    Connection connection = begun(database.factory());
    Set<String> accepted = inbox.accept(connection, ids).block(PATIENCE);
    commit(connection);
    return accepted;
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void eachIdIsNewOncePerConsumer(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcInbox orders = inboxIn(database, "orders");
      R2dbcInbox mails = inboxIn(database, "mails");

      assertThat(accepted(database, orders, List.of("b", "a", "b"))).containsExactly("a", "b");
      assertThat(accepted(database, orders, List.of("a", "c", "A", "a ")))
          .containsExactly("A", "a ", "c");
      assertThat(accepted(database, orders, List.of("c"))).isEmpty();
      assertThat(accepted(database, orders, List.of())).isEmpty();
      assertThat(accepted(database, mails, List.of("a"))).containsExactly("a");

      List<String> many = IntStream.range(0, 1_000).mapToObj(i -> "message " + i).toList();
      assertThat(accepted(database, orders, many)).hasSize(1_000);
      assertThat(accepted(database, orders, many)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void aRollbackForgetsTheMessages(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcInbox inbox = inboxIn(database, "orders");
      Connection connection = begun(database.factory());
      assertThat(inbox.accept(connection, List.of("a")).block(PATIENCE)).containsExactly("a");
      Mono.from(connection.rollbackTransaction())
          .then(Mono.from(connection.close()))
          .block(PATIENCE);

      assertThat(accepted(database, inbox, List.of("a"))).containsExactly("a");
    }
  }

  /** H2 fails one of two such transactions instead of letting it wait. */
  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "MARIADB"})
  void ofTransactionsAtTheSameTimeOneGetsTheMessage(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcInbox inbox = inboxIn(database, "orders");
      List<String> ids = IntStream.range(0, 50).mapToObj(i -> "message " + i).toList();
      List<String> accepted =
          Flux.range(0, 8)
              .flatMap(
                  consumer ->
                      Mono.fromCallable(() -> accepted(database, inbox, ids))
                          .subscribeOn(Schedulers.boundedElastic()))
              .flatMapIterable(some -> some)
              .collectList()
              .block(PATIENCE);

      assertThat(accepted).containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void oldMessagesAreForgotten(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcInbox inbox = inboxIn(database, "orders");
      accepted(database, inbox, List.of("old", "new"));
      Connection connection = begun(database.factory());
      Flux.from(
              connection
                  .createStatement(
                      "UPDATE batchflow_inbox SET received_at = '2001-01-01 00:00:00'"
                          + " WHERE id = 'old'")
                  .execute())
          .flatMap(Result::getRowsUpdated)
          .blockLast(PATIENCE);
      commit(connection);

      RetentionRun run =
          Retention.create(database.factory())
              .run(R2dbcInbox.retention(Duration.ofDays(1)))
              .block(PATIENCE);
      assertThat(run.deletedRows()).isEqualTo(1);
      assertThat(accepted(database, inbox, List.of("old", "new"))).containsExactly("old");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRES", "MARIADB"})
  void resultsAreKeptIfTheTransactionCommits(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcInbox inbox = inboxIn(database, "orders");
      R2dbcInbox other = inboxIn(database, "mails");
      List<String> ids = List.of("a", "b", "c");
      Connection undone = begun(database.factory());
      inbox.accept(undone, ids).then(keep(inbox, undone, Map.of("c", "3"))).block(PATIENCE);
      Mono.from(undone.rollbackTransaction()).then(Mono.from(undone.close())).block(PATIENCE);

      Connection connection = begun(database.factory());
      inbox.accept(connection, ids).block(PATIENCE);
      other.accept(connection, ids).block(PATIENCE);
      keep(inbox, connection, Map.of("a", "1", "b", "")).block(PATIENCE);
      keep(inbox, connection, Map.of()).block(PATIENCE);
      commit(connection);

      Connection later = begun(database.factory());
      assertThat(inbox.accept(later, ids).block(PATIENCE)).isEmpty();
      assertThat(texts(inbox.results(later, List.of("a", "b", "c", "d")).block(PATIENCE)))
          .containsOnly(Map.entry("a", "1"), Map.entry("b", ""));
      assertThat(other.results(later, ids).block(PATIENCE)).isEmpty();
      assertThat(inbox.results(later, List.of()).block(PATIENCE)).isEmpty();
      commit(later);
    }
  }

  private static Mono<Void> keep(
      R2dbcInbox inbox, Connection connection, Map<String, String> results) {
    Map<String, byte[]> bytes = new HashMap<>();
    results.forEach((id, result) -> bytes.put(id, result.getBytes(StandardCharsets.UTF_8)));
    return inbox.keep(connection, bytes);
  }

  private static Map<String, String> texts(Map<String, byte[]> results) {
    Map<String, String> texts = new HashMap<>();
    results.forEach((id, result) -> texts.put(id, new String(result, StandardCharsets.UTF_8)));
    return texts;
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void idsThatCannotBeKeptAreRefused(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcInbox inbox = inboxIn(database, "orders");
      Connection connection = begun(database.factory());

      assertThatThrownBy(() -> inbox.accept(connection, List.of("x".repeat(191))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("An id of a message has 191 characters, not 1 to 190");
      assertThatThrownBy(
              () -> inbox.keep(connection, Map.of("a", new byte[R2dbcInbox.MAX_RESULT + 1])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("A result has 1048577 bytes, more than 1048576");
      commit(connection);
    }
  }
}
