package io.batchflow.r2dbc.outbox;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.RejectedRow;
import io.batchflow.lease.Lease;
import io.batchflow.message.MessagePublisher;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import io.batchflow.r2dbc.request.KeptConnection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Publishes the messages of a {@link R2dbcOutbox}. The messages are in 16 shards by their key. Of
 * several relays, in any processes, each holds the leases of its share of them. It reads a batch of
 * messages, publishes it, and deletes it with one statement, which checks the tokens of the leases.
 *
 * <p>Each message is published at least once. If a relay is killed, or loses its leases while it
 * publishes, the messages of one batch are published again, by the next holder.
 *
 * <p>Thread-safe. You must {@link #close()} a relay that was started.
 */
public final class OutboxRelay {

  private static final Duration REQUEST = Duration.ofSeconds(30);

  private enum State {
    NEW,
    STARTED,
    CLOSED
  }

  private final Set<OutboxRelay> siblings;
  private final WakeUp wakeUp = new WakeUp();
  private final RelayCounts counts;
  private final HeldShards held;
  private final FairShare share;
  private final RelayLoop loop;
  private final Mono<Void> listening;
  private final Disposable.Swap listener = Disposables.swap();
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final Sinks.Empty<Void> ended = Sinks.empty();

  OutboxRelay(
      RelayOptions options,
      ConnectionFactory factory,
      OutboxSql sql,
      R2dbcLeaseStore leases,
      Set<OutboxRelay> siblings) {
    this.siblings = siblings;
    this.counts = new RelayCounts(options.onFailure);
    this.held = new HeldShards(leases, options.lease, wakeUp, counts::failed);
    this.share = new FairShare(leases, options.lease, held::share, counts::failed);
    this.loop =
        new RelayLoop(options, sql, new KeptConnection(factory, REQUEST), held, wakeUp, counts);
    this.listening = sql.commits(factory).doOnNext(commit -> wakeUp.signal()).then();
  }

  /**
   * Begins to compete for shards and to publish their messages. Holds one connection, on PostgreSQL
   * two, and takes others for the leases.
   *
   * @throws IllegalStateException if it was started or closed before
   */
  public void start() {
    if (!state.compareAndSet(State.NEW, State.STARTED)) {
      throw new IllegalStateException("The relay was started or closed before. Build another one");
    }
    siblings.add(this);
    share.start();
    listener.update(listening.subscribe());
    loop.run().subscribe(none -> {}, ended::tryEmitError, ended::tryEmitEmpty);
  }

  /**
   * Reads no more messages, waits until the current batch is published and deleted, and gives the
   * shards back, so that nothing is published twice. Begins with the first subscription.
   */
  public Mono<Void> close() {
    return Mono.defer(
        () -> {
          if (state.getAndSet(State.CLOSED) == State.NEW) {
            ended.tryEmitEmpty();
          }
          siblings.remove(this);
          loop.stop();
          return ended
              .asMono()
              .onErrorComplete()
              .then(share.leave())
              .then(held.release())
              .doFinally(end -> listener.dispose());
        });
  }

  /** Returns what the relay does. */
  public OutboxRelayStats stats() {
    return counts.stats(shards());
  }

  int shards() {
    return held.now().tokens().size();
  }

  void wakeUp() {
    wakeUp.signal();
  }

  @Override
  public String toString() {
    return "OutboxRelay";
  }

  /** Builds an {@link OutboxRelay}. Not safe for concurrent use. */
  public static final class Builder {

    private static final int LEAST_BATCH = 16;
    private static final int LARGEST_BATCH = 5_000;

    private final R2dbcOutbox outbox;
    private final RelayOptions options;

    Builder(R2dbcOutbox outbox, MessagePublisher publisher) {
      this.outbox = outbox;
      this.options = new RelayOptions(Objects.requireNonNull(publisher, "publisher"));
    }

    /**
     * Sets the most messages of a batch. All are in memory at the same time. Defaults to 500.
     *
     * @throws InvalidConfigurationException unless from 16 to 5,000
     */
    public Builder batchSize(int batchSize) {
      options.batchSize = RelayOptions.between("batchSize", batchSize, LEAST_BATCH, LARGEST_BATCH);
      return this;
    }

    /**
     * Sets how long the relay waits at most before it looks for messages that nobody has told it
     * of. It waits for half of this time or longer, so that relays do not ask in step. Defaults to
     * 1 second.
     *
     * @throws InvalidConfigurationException unless positive and at most an hour
     */
    public Builder pollInterval(Duration pollInterval) {
      options.pollInterval = RelayOptions.positive("pollInterval", pollInterval);
      return this;
    }

    /**
     * Sets how long the publisher may take for a batch. After that, it is cancelled, and the batch
     * is published again. Defaults to 1 minute.
     *
     * @throws InvalidConfigurationException unless positive and at most an hour
     */
    public Builder publishTimeout(Duration publishTimeout) {
      options.publishTimeout = RelayOptions.positive("publishTimeout", publishTimeout);
      return this;
    }

    /**
     * Sets where messages are kept that are rejected, or that have failed too often. Takes them as
     * rows of {@link R2dbcOutbox#schema()}, as {@link BatchFlow.Builder#deadLetter} takes rejected
     * rows. When it completes, the message leaves the outbox; if it fails, the message stays. Must
     * not block. Without it, such a message is tried again without end, and its key waits.
     */
    public Builder deadLetter(Function<? super RejectedRow, ? extends Publisher<Void>> keeper) {
      options.deadLetter = Objects.requireNonNull(keeper, "keeper");
      return this;
    }

    /**
     * Sets how often a message is tried before it is a dead letter. Batches that fail as a whole do
     * not count. Defaults to 10, which takes about a minute and a half.
     *
     * @throws InvalidConfigurationException unless from 1 to a million
     */
    public Builder maxAttempts(int maxAttempts) {
      options.maxAttempts = RelayOptions.between("maxAttempts", maxAttempts, 1, 1_000_000);
      return this;
    }

    /** Sets options of the leases of the shards, such as ttl and holder. */
    public Builder lease(UnaryOperator<Lease.Builder> lease) {
      options.lease = Objects.requireNonNull(lease, "lease");
      return this;
    }

    /**
     * Sets who is told of failures of the database, the publisher and single messages. Called on
     * any thread; must not block.
     */
    public Builder onFailure(Consumer<? super Throwable> onFailure) {
      options.onFailure = Objects.requireNonNull(onFailure, "onFailure");
      return this;
    }

    /**
     * Builds the relay. Connects to nothing.
     *
     * @throws InvalidConfigurationException if options of the leases contradict each other
     */
    public OutboxRelay build() {
      options.lease.apply(Lease.builder(outbox.leases(), Shards.lease(0))).build();
      return outbox.built(options);
    }
  }
}
