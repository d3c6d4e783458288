package io.batchflow.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.catalog.CatalogFullException;
import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.MemoryCatalogStore;
import io.batchflow.catalog.TableCatalog;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import io.batchflow.catalog.TableStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Clients that change a catalog at the same time, as several processes do. Each test starts with an
 * empty catalog.
 */
abstract class CatalogRaceContract {

  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final int MOST = 1_000;
  private static final int CLIENTS = 8;
  static final Instant TIME = Instant.parse("2026-11-28T10:00:00.123Z");

  CatalogStore store = noStore();
  CatalogStore other = noStore();

  private static CatalogStore noStore() {
    return MemoryCatalogStore.create();
  }

  /** Creates an empty catalog. */
  protected abstract void createCatalog() throws Exception;

  /** Returns another client of this catalog. */
  protected abstract CatalogStore openStore() throws Exception;

  /** Removes the catalog and closes the clients. */
  protected abstract void removeCatalog() throws Exception;

  /** Starts the test with two clients of an empty catalog. */
  @BeforeEach
  final void open() throws Exception {
    createCatalog();
    store = openStore();
    other = openStore();
  }

  /** Ends the test. */
  @AfterEach
  final void close() throws Exception {
    removeCatalog();
  }

  static TableInfo table(String name) {
    return new TableInfo(name, TableStatus.ACTIVE, TableSettings.none(), 0, TIME, TIME);
  }

  static TableSettings size(int rows) {
    return TableSettings.builder().bufferSize(rows).build();
  }

  TableInfo inserted(String name) {
    return got(store.insert(table(name), MOST));
  }

  static <T> T got(Mono<T> mono) {
    return Objects.requireNonNull(mono.block(PATIENCE));
  }

  List<String> names() {
    return got(other.tables().map(TableInfo::name).collectList());
  }

  private CatalogStore client(int index) {
    return index % 2 == 0 ? store : other;
  }

  @Test
  void ofConcurrentInsertsOneWins() {
    List<TableInfo> winners =
        atOnce(
            client -> client(client).insert(table("orders").withSettings(size(client + 1)), MOST));

    assertThat(winners).containsExactly(got(store.find("orders")));
  }

  @Test
  void concurrentInsertsKeepTheBound() {
    List<TableInfo> winners =
        atOnce(
            client ->
                client(client)
                    .insert(table("table" + client), 3)
                    .onErrorResume(CatalogFullException.class, full -> Mono.empty()));

    assertThat(winners).hasSize(3);
    assertThat(names()).hasSize(3);
  }

  @Test
  void ofConcurrentChangesOneWins() {
    TableInfo read = inserted("orders");
    for (int round = 0; round < 5; round++) {
      TableInfo seen = read;
      List<TableInfo> winners =
          atOnce(client -> client(client).replace(seen.withSettings(size(client + 1))));

      assertThat(winners).containsExactly(got(store.find("orders")));
      read = winners.get(0);
    }
  }

  private record Change(long from, long to) {}

  /** The accepted changes form one chain, from the first generation to the last. */
  @Test
  void eachGenerationIsTheBaseOfOneChange() {
    TableInfo first = inserted("orders");

    List<Change> changes =
        got(
            Flux.range(0, CLIENTS)
                .flatMap(
                    client ->
                        readAndChange(client(client))
                            .repeat(9)
                            .subscribeOn(Schedulers.boundedElastic()))
                .collectList());

    long last = got(other.find("orders")).generation();
    assertThat(changes).isNotEmpty();
    assertThat(changes)
        .extracting(Change::from)
        .doesNotHaveDuplicates()
        .contains(first.generation());
    assertThat(changes)
        .extracting(Change::to)
        .doesNotHaveDuplicates()
        .contains(last)
        .containsAll(
            changes.stream().map(Change::from).filter(from -> from != first.generation()).toList());
  }

  private static Mono<Change> readAndChange(CatalogStore client) {
    return client
        .find("orders")
        .flatMap(
            read ->
                client
                    .replace(read.withStatus(TableStatus.PAUSED))
                    .map(changed -> new Change(read.generation(), changed.generation())));
  }

  private static List<TableInfo> atOnce(IntFunction<Mono<TableInfo>> request) {
    return got(
        Flux.range(0, CLIENTS)
            .flatMap(client -> request.apply(client).subscribeOn(Schedulers.boundedElastic()))
            .collectList());
  }

  /** Each change is applied to the last state, none is lost, and each process learns the last. */
  @Test
  void changesOfManyClientsAreAllAppliedAndTold() {
    inserted("orders");
    TableCatalog reader = TableCatalog.create(openOther());
    Mono<TableInfo> last =
        reader
            .changes()
            .mapNotNull(event -> event.table())
            .filter(table -> "40".equals(table.settings().properties().get("changes")))
            .next()
            .cache();
    last.subscribe();

    Flux.range(0, CLIENTS)
        .flatMap(
            client -> {
              TableCatalog writer = TableCatalog.create(client(client));
              return Flux.range(0, 5)
                  .concatMap(change -> writer.alter("orders", CatalogRaceContract::counted));
            })
        .blockLast(PATIENCE);

    assertThat(got(last)).isEqualTo(got(other.find("orders")));
  }

  private CatalogStore openOther() {
    try {
      return openStore();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static TableInfo counted(TableInfo table) {
    int changes = Integer.parseInt(table.settings().properties().getOrDefault("changes", "0"));
    return table.withSettings(
        table.settings().toBuilder().property("changes", String.valueOf(changes + 1)).build());
  }

  /** A reader that sees a generation sees every change up to it. */
  @Test
  void noChangeIsMissedBetweenTheGenerationAndTheTables() {
    Flux<TableInfo> inserts =
        Flux.range(0, 30).concatMap(number -> other.insert(table("table" + number), MOST));
    Mono<Boolean> complete =
        store
            .generation()
            .flatMap(
                generation ->
                    store
                        .tables()
                        .map(TableInfo::generation)
                        .reduce(0L, Math::max)
                        .map(newest -> newest >= generation));

    Flux<Boolean> meanwhile =
        complete.repeat().takeUntilOther(inserts.then().subscribeOn(Schedulers.boundedElastic()));
    List<Boolean> looks = got(Flux.concat(complete, meanwhile, complete).collectList());

    assertThat(looks).allMatch(Boolean::booleanValue);
    assertThat(names())
        .hasSize(30)
        .containsAll(IntStream.range(0, 30).mapToObj(n -> "table" + n).toList());
  }
}
