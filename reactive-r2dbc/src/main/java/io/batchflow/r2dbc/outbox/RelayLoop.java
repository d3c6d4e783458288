package io.batchflow.r2dbc.outbox;

import io.batchflow.message.Message;
import io.batchflow.message.PublishResult;
import io.batchflow.r2dbc.request.KeptConnection;
import io.batchflow.r2dbc.request.Requests;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Reads a batch of the held shards, publishes it, and deletes what was published. The next batch is
 * read after that, so no message is published twice while its shard is held. Its state is used by
 * one step at a time.
 */
final class RelayLoop {

  /** Messages of other transactions join the next batch meanwhile. */
  private static final Duration GATHER = Duration.ofMillis(10);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int DOUBLINGS = 7;

  private final RelayOptions options;
  private final OutboxSql sql;
  private final KeptConnection connection;
  private final HeldShards shards;
  private final WakeUp wakeUp;
  private final RelayCounts counts;
  private final WaitingKeys waiting = new WaitingKeys(System::nanoTime);

  /** Messages that are published, but may still be in the table. */
  private List<Appended> published = List.of();

  private long readAt;
  private int failuresInARow;
  private final Sinks.Empty<Void> stop = Sinks.empty();
  private volatile boolean stopping;

  RelayLoop(
      RelayOptions options,
      OutboxSql sql,
      KeptConnection connection,
      HeldShards shards,
      WakeUp wakeUp,
      RelayCounts counts) {
    this.options = options;
    this.sql = sql;
    this.connection = connection;
    this.shards = shards;
    this.wakeUp = wakeUp;
    this.counts = counts;
  }

  /** Runs until {@link #stop()}. Never fails. */
  Mono<Void> run() {
    return Mono.defer(this::cycle)
        .onErrorResume(this::pauseAfter)
        .repeat(() -> !stopping)
        .then(Mono.defer(this::acknowledge))
        .onErrorComplete()
        .then(connection.close());
  }

  /** Ends the loop after the batch that is being published. */
  void stop() {
    stopping = true;
    stop.tryEmitEmpty();
    wakeUp.signal();
  }

  private Mono<Void> cycle() {
    wakeUp.begin();
    return stopping ? Mono.empty() : acknowledge().then(Mono.defer(this::publishNext));
  }

  /** All that was published is deleted before. */
  private Mono<Void> publishNext() {
    shards.giveBack();
    HeldShards.Held held = shards.now();
    waiting.keepOnly(held.tokens().keySet());
    if (held.tokens().isEmpty()) {
      return wakeUp.await(options.pollInterval);
    }
    return read(held.tokens())
        .flatMap(batch -> batch.isEmpty() ? idle() : relay(held, batch))
        .doOnSuccess(done -> failuresInARow = 0);
  }

  private Mono<List<Appended>> read(Map<Integer, Long> held) {
    readAt = System.nanoTime();
    return connection
        .send(
            open ->
                Flux.from(
                        ReadSql.of(open, sql::parameter, held, mostOfAShard(held), waiting::of)
                            .execute())
                    .flatMap(result -> result.map(Appended::of))
                    .collectList())
        .doOnNext(batch -> batch.sort(Comparator.comparingLong(Appended::seq)));
  }

  /** All shards have the same share of a batch, so that none has to wait for another. */
  private int mostOfAShard(Map<Integer, Long> held) {
    return Math.max(1, options.batchSize / held.size());
  }

  private Mono<Void> relay(HeldShards.Held held, List<Appended> batch) {
    PublishedBatch settled = new PublishedBatch(options, waiting, counts);
    return publish(held, batch)
        .flatMap(results -> settled.settle(batch, results))
        .then(
            Mono.defer(
                () -> {
                  published = settled.done();
                  counts.waitingKeys = waiting.size();
                  return acknowledge();
                }))
        .then(Mono.defer(() -> afterwards(held, batch, settled)));
  }

  /** Is empty if a shard was lost meanwhile: its next holder may publish the same messages. */
  private Mono<List<PublishResult>> publish(HeldShards.Held held, List<Appended> batch) {
    List<Message> messages = batch.stream().map(Appended::message).toList();
    return Mono.defer(() -> options.publisher.publish(messages))
        .switchIfEmpty(
            Mono.error(() -> new IllegalStateException(options.publisher + " returned no results")))
        .timeout(options.publishTimeout)
        .subscribeOn(Schedulers.parallel())
        .takeUntilOther(held.loss().asMono());
  }

  /** Deletes what was published. Is repeated until the database has answered. */
  private Mono<Void> acknowledge() {
    Map<Integer, Long> held = shards.now().tokens();
    List<Appended> done =
        published.stream().filter(message -> held.containsKey(message.shard())).toList();
    if (done.isEmpty()) {
      published = List.of();
      return Mono.empty();
    }
    return connection
        .send(open -> Requests.changed(sql.acknowledge(open, done, held)))
        .doOnNext(deleted -> published = List.of())
        .then();
  }

  private Mono<Void> afterwards(
      HeldShards.Held held, List<Appended> batch, PublishedBatch settled) {
    Throwable overflow = settled.overflow();
    if (overflow != null) {
      return Mono.error(overflow);
    }
    if (settled.hasFreed() || isFull(held, batch)) {
      return Mono.empty();
    }
    return Mono.delay(GATHER).then(Mono.defer(this::idle));
  }

  /** Returns whether a shard may have more messages than were read. */
  private boolean isFull(HeldShards.Held held, List<Appended> batch) {
    int[] read = new int[Shards.COUNT];
    int most = mostOfAShard(held.tokens());
    return batch.stream().anyMatch(message -> ++read[message.shard()] >= most);
  }

  /** Waits for messages. Must not be used if a shard had more than were read. */
  private Mono<Void> idle() {
    waiting.forgetDue(readAt);
    long most = options.pollInterval.toNanos();
    Duration poll = Duration.ofNanos(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    return wakeUp.await(waiting.untilNext(poll));
  }

  private Mono<Void> pauseAfter(Throwable failure) {
    counts.failed(failure);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failuresInARow++, DOUBLINGS));
    long most = Math.min(pause.toNanos(), LONGEST_PAUSE.toNanos());
    long nanos = ThreadLocalRandom.current().nextLong(most / 2, most + 1);
    return Mono.firstWithSignal(Mono.delay(Duration.ofNanos(nanos)).then(), stop.asMono());
  }
}
