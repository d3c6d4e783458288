package io.batchflow.catalog;

import io.batchflow.catalog.CatalogEvent.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** Looks for changes of a store, one look at a time. Used by one subscription. */
final class CatalogWatch {

  private final CatalogStore store;
  private final Flux<?> ownChanges;
  private final Duration interval;
  private final Duration timeout;
  private final Scheduler scheduler;

  private Map<String, TableInfo> known = Map.of();

  /** The generation up to which all changes are known. */
  private long seen = -1;

  CatalogWatch(CatalogOptions options, Flux<?> ownChanges) {
    this.store = options.store;
    this.ownChanges = ownChanges;
    this.interval = options.pollInterval;
    this.timeout = options.readTimeout;
    this.scheduler = options.scheduler;
  }

  Flux<List<CatalogEvent>> looks() {
    return Flux.merge(Flux.just(true), ticks(), hints(), ownChanges)
        .onBackpressureLatest()
        .concatMap(tick -> look(), 0);
  }

  private Flux<?> ticks() {
    return Mono.defer(() -> Mono.delay(pause(), scheduler)).repeat();
  }

  private Duration pause() {
    long most = interval.toNanos();
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }

  /** Without hints, the ticks are enough. */
  private Flux<?> hints() {
    return Flux.defer(store::hints)
        .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofSeconds(1)).scheduler(scheduler));
  }

  /** Finds the changes since the last look; empty if the generation is the same. */
  private Mono<List<CatalogEvent>> look() {
    return Mono.defer(store::generation)
        .filter(generation -> generation != seen)
        .flatMap(
            generation -> store.tables().collectList().map(tables -> new Look(generation, tables)))
        .timeout(timeout, scheduler)
        .publishOn(scheduler)
        .map(this::changes)
        .onErrorResume(failure -> Mono.just(List.of(CatalogEvent.failed(failure))));
  }

  private record Look(long generation, List<TableInfo> tables) {}

  /** The tables were read after the generation, so they have at least its changes. */
  private List<CatalogEvent> changes(Look look) {
    List<CatalogEvent> events = new ArrayList<>();
    Map<String, TableInfo> present = new HashMap<>();
    for (TableInfo table : look.tables()) {
      present.put(table.name(), table);
      TableInfo before = known.get(table.name());
      if (before == null) {
        events.add(CatalogEvent.of(Kind.ADDED, table));
      } else if (before.generation() != table.generation()) {
        events.add(CatalogEvent.of(Kind.CHANGED, table));
      }
    }
    known.forEach(
        (name, table) -> {
          if (!present.containsKey(name)) {
            events.add(CatalogEvent.of(Kind.REMOVED, table));
          }
        });
    known = present;
    seen = look.generation();
    return events;
  }
}
