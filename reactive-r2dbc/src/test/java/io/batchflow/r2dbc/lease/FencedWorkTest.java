package io.batchflow.r2dbc.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.lease.Lease;
import io.batchflow.lease.LeaseLostException;
import io.batchflow.lease.LeaseState;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.batchflow.testservers.TcpProxy;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Holders whose connections stall, are cut, or lose answers, and who go on working with their old
 * token, as a process does that was stopped and continues. The fence accepts the work of one holder
 * at a time.
 */
@Tag("server")
class FencedWorkTest {

  private static final int INCIDENTS = 3;
  private static final int COMPETITORS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private record Held(int competitor, long token) {}

  @ParameterizedTest
  @MethodSource("io.batchflow.r2dbc.lease.LeaseDatabase#servers")
  void twoHoldersAreNeverBothAccepted(Kind kind) throws Exception {
    Disposable.Composite competitors = Disposables.composite();
    List<TcpProxy> proxies = new ArrayList<>();
    List<Mono<Void>> work = new ArrayList<>();
    try (LeaseDatabase database = kind.open()) {
      R2dbcLeaseStore direct = R2dbcLeaseStore.create(database.factory());
      direct.createTable().then(run(database.factory(), tableOf(kind))).block(PATIENCE);
      BlockingQueue<Held> held = new LinkedBlockingQueue<>();
      for (int i = 0; i < COMPETITORS; i++) {
        int competitor = i;
        TcpProxy proxy = TcpProxy.before(database.server().host(), database.server().port());
        proxies.add(proxy);
        competitors.add(
            lease(database.over(database.server().withPort(proxy.port())))
                .states()
                .filter(LeaseState::isHeld)
                .subscribe(state -> held.add(new Held(competitor, state.token()))));
      }
      for (int incident = 0; incident < INCIDENTS; incident++) {
        Held holder = Objects.requireNonNull(held.poll(60, TimeUnit.SECONDS), "a holder");
        work.add(workUntilRefused(database.factory(), direct, holder).cache());
        work.get(incident).subscribe();
        proxies.forEach(FencedWorkTest::repair);
        disturb(proxies.get(holder.competitor()), incident);
      }
      Held last = Objects.requireNonNull(held.poll(60, TimeUnit.SECONDS), "a last holder");
      Mono.when(work).block(PATIENCE);
      competitors.dispose();

      List<Held> accepted = accepted(database.factory());
      assertThat(accepted).extracting(Held::token).isSorted().allMatch(t -> t < last.token());
      assertThat(accepted.stream().distinct().map(Held::token)).doesNotHaveDuplicates();
      assertThat(accepted).as("accepted work").hasSizeGreaterThan(INCIDENTS);
    } finally {
      competitors.dispose();
      for (TcpProxy proxy : proxies) {
        proxy.close();
      }
    }
  }

  private static Lease lease(ConnectionFactory factory) {
    return Lease.builder(R2dbcLeaseStore.create(factory), "work")
        .ttl(Duration.ofMillis(900))
        .skew(Duration.ofMillis(150))
        .build();
  }

  private static void repair(TcpProxy proxy) {
    proxy.stall(false);
    proxy.swallowAnswers(false);
    proxy.refuse(false);
  }

  private static void disturb(TcpProxy proxy, int incident) {
    switch (incident % 3) {
      case 0 -> proxy.stall(true);
      case 1 -> proxy.swallowAnswers(true);
      default -> {
        proxy.refuse(true);
        proxy.cut();
      }
    }
  }

  private static String tableOf(Kind kind) {
    String id =
        kind == Kind.POSTGRES
            ? "BIGINT GENERATED ALWAYS AS IDENTITY"
            : "BIGINT NOT NULL AUTO_INCREMENT";
    return "CREATE TABLE accepted (id " + id + " PRIMARY KEY, competitor INT, token BIGINT)";
  }

  /** Goes on although its lease may be lost, until the fence refuses it. */
  private static Mono<Void> workUntilRefused(
      ConnectionFactory factory, R2dbcLeaseStore store, Held holder) {
    String insert =
        "INSERT INTO accepted (competitor, token) VALUES ("
            + holder.competitor()
            + ", "
            + holder.token()
            + ")";
    return Mono.usingWhen(
            factory.create(),
            connection ->
                Mono.from(connection.beginTransaction())
                    .then(store.fence(connection, "work", holder.token()))
                    .then(Mono.defer(() -> run(connection, insert)))
                    .then(Mono.defer(() -> Mono.from(connection.commitTransaction()))),
            Connection::close,
            (connection, failure) ->
                Mono.from(connection.rollbackTransaction()).then(Mono.from(connection.close())),
            Connection::close)
        .repeat()
        .then()
        .onErrorComplete(LeaseLostException.class);
  }

  private static Mono<Void> run(ConnectionFactory factory, String sql) {
    return Mono.usingWhen(factory.create(), connection -> run(connection, sql), Connection::close);
  }

  private static Mono<Void> run(Connection connection, String sql) {
    return Flux.from(connection.createStatement(sql).execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }

  private static List<Held> accepted(ConnectionFactory factory) {
    return Flux.usingWhen(
            factory.create(),
            connection ->
                Flux.from(
                        connection
                            .createStatement("SELECT competitor, token FROM accepted ORDER BY id")
                            .execute())
                    .flatMap(
                        result ->
                            result.map(
                                row ->
                                    new Held(
                                        Objects.requireNonNull(row.get(0, Integer.class)),
                                        Objects.requireNonNull(row.get(1, Long.class))))),
            Connection::close)
        .collectList()
        .blockOptional(PATIENCE)
        .orElseThrow();
  }
}
