package io.batchflow.r2dbc.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.lease.LeaseLostException;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Leases in each database, by its clock. */
@Tag("server")
class R2dbcLeaseStoreTest {

  private static final String KINDS = "io.batchflow.r2dbc.lease.LeaseDatabase#kinds";
  private static final Duration LONG = Duration.ofMinutes(5);

  private static R2dbcLeaseStore storeIn(LeaseDatabase database) {
    R2dbcLeaseStore store = R2dbcLeaseStore.create(database.factory());
    store.createTable().then(store.createTable()).block();
    return store;
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void oneHolderAtATimeAndEachTokenIsLarger(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcLeaseStore store = storeIn(database);

      assertThat(store.acquire("nightly", "one", LONG).block()).isEqualTo(1);
      assertThat(store.acquire("nightly", "two", LONG).block()).isNull();
      assertThat(store.acquire("hourly", "two", LONG).block()).isEqualTo(1);
      assertThat(store.held("n").block()).containsExactly("nightly");
      assertThat(store.held("").block()).containsExactly("hourly", "nightly");
      assertThat(store.renew("nightly", 1, LONG).block()).isTrue();
      assertThat(store.renew("nightly", 2, LONG).block()).isFalse();
      store.release("nightly", 2).block();
      assertThat(store.acquire("nightly", "two", LONG).block()).isNull();

      store.release("nightly", 1).block();
      assertThat(store.held("n").block()).isEmpty();
      assertThat(store.renew("nightly", 1, LONG).block()).isFalse();
      assertThat(store.acquire("nightly", "two", LONG).block()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void anExpiredLeaseIsFree(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcLeaseStore store = storeIn(database);
      store.acquire("nightly", "one", Duration.ofMillis(1)).block();

      Long next =
          store
              .acquire("nightly", "two", LONG)
              .repeatWhenEmpty(empty -> empty.delayElements(Duration.ofMillis(5)))
              .block(Duration.ofSeconds(30));
      assertThat(next).isEqualTo(2);
      assertThat(store.renew("nightly", 1, LONG).block()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void ofManyCompetitorsOneWins(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcLeaseStore store = storeIn(database);
      for (long token = 1; token <= 5; token++) {
        List<Long> winners =
            Flux.range(0, 8)
                .flatMap(
                    competitor ->
                        store
                            .acquire("nightly", "" + competitor, LONG)
                            .subscribeOn(Schedulers.boundedElastic()))
                .collectList()
                .block();
        assertThat(winners).containsExactly(token);
        store.release("nightly", token).block();
      }
    }
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void theFenceRefusesAnOldTokenAndHoldsATakeoverBack(Kind kind) throws Exception {
    try (LeaseDatabase database = kind.open()) {
      R2dbcLeaseStore store = storeIn(database);
      long token = store.acquire("nightly", "one", LONG).block();
      store.release("nightly", token).block();
      Connection transaction = Mono.from(database.factory().create()).block();
      Mono.from(transaction.beginTransaction()).block();
      store.fence(transaction, "nightly", token).block();

      CompletableFuture<Long> takeover = store.acquire("nightly", "two", LONG).toFuture();
      Flux.range(0, 20).concatMap(request -> store.renew("hourly", request, LONG)).blockLast();
      assertThat(takeover).isNotDone();
      Mono.from(transaction.commitTransaction()).block();
      assertThat(takeover).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(2L);

      Mono<Void> refused =
          Mono.from(transaction.beginTransaction())
              .then(store.fence(transaction, "nightly", token));
      assertThatThrownBy(refused::block)
          .isInstanceOf(LeaseLostException.class)
          .hasMessage(
              "Lease 'nightly' is no longer held with token 1. Roll the work back; whoever holds the"
                  + " lease now does it.");
      Mono.from(transaction.close()).block();
    }
  }
}
