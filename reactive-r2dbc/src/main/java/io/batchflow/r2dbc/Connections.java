package io.batchflow.r2dbc;

import io.batchflow.stats.ConnectionStats;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.pool.PoolMetrics;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The connections of a writer: from the user's pool, or from the writer's own pool over the user's
 * factory. If the driver blocks, its connections are used on separate threads.
 */
final class Connections {

  private static final int MAX_CONNECTIONS = 64;
  private static final int MAX_BLOCKING = 10;
  private static final int MAX_QUEUED = 1_000;

  private final List<String> setup;
  private final ConnectionFactory source;
  private final @Nullable ConnectionPool ownPool;
  private final @Nullable ExecutorService threads;
  private final @Nullable Scheduler blocking;
  private final int max;

  Connections(ConnectionFactory factory, boolean driverBlocks, List<String> setup, String name) {
    this.setup = setup;
    this.threads = driverBlocks ? newThreads("batchflow-r2dbc-" + name) : null;
    this.blocking = threads == null ? null : Schedulers.fromExecutorService(threads);
    this.ownPool = factory instanceof ConnectionPool ? null : poolOver(factory);
    this.source = ownPool == null ? factory : ownPool;
    int own = driverBlocks ? MAX_BLOCKING : MAX_CONNECTIONS;
    this.max =
        factory instanceof ConnectionPool pool
            ? pool.getMetrics().map(PoolMetrics::getMaxAllocatedSize).orElse(Integer.MAX_VALUE)
            : own;
  }

  /**
   * Starts all threads now, as to start one takes a lock, for which a thread of the flow must not
   * wait.
   */
  private static ExecutorService newThreads(String name) {
    AtomicInteger number = new AtomicInteger();
    ScheduledThreadPoolExecutor threads =
        new ScheduledThreadPoolExecutor(
            MAX_BLOCKING,
            task -> {
              Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.prestartAllCoreThreads();
    return threads;
  }

  int max() {
    return max;
  }

  /** Returns the statistics of the pool, or {@link ConnectionStats#NONE} if it has none. */
  ConnectionStats stats() {
    return source instanceof ConnectionPool pool
        ? pool.getMetrics().map(this::stats).orElse(ConnectionStats.NONE)
        : ConnectionStats.NONE;
  }

  private ConnectionStats stats(PoolMetrics pool) {
    return new ConnectionStats(
        pool.acquiredSize(), pool.idleSize(), pool.pendingAcquireSize(), max);
  }

  /** Returns a connection, on a thread that it may block. Its {@code close} releases it. */
  Mono<Connection> acquire() {
    Mono<Connection> connection = Mono.from(source.create());
    // A pool may deliver it on any thread, hence publishOn.
    return blocking == null ? connection : connection.subscribeOn(blocking).publishOn(blocking);
  }

  /** Opens a session on a connection that does not belong to the pool. */
  Mono<R2dbcOtherSession> otherSession() {
    ConnectionFactory raw = source instanceof ConnectionPool pool ? pool.unwrap() : source;
    return Mono.<Connection>from(raw.create()).map(R2dbcOtherSession::new);
  }

  /**
   * Closes what was opened here. The threads end first, as a pool that is closed during a release
   * loses count of its connections.
   */
  Mono<Void> close() {
    Mono<Void> poolClosed = ownPool == null ? Mono.empty() : ownPool.disposeLater();
    if (threads == null) {
      return poolClosed;
    }
    Scheduler mayBlock = Schedulers.boundedElastic();
    return Mono.fromCallable(() -> end(threads))
        .subscribeOn(mayBlock)
        .then(poolClosed.subscribeOn(mayBlock));
  }

  /** Not disposeGracefully of Reactor, which leaves a thread that delays the JVM exit by 10 s. */
  private static boolean end(ExecutorService threads) throws InterruptedException {
    threads.shutdown();
    return threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  private ConnectionPool poolOver(ConnectionFactory factory) {
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(onOwnThread(factory))
            .initialSize(0)
            .maxSize(blocking == null ? MAX_CONNECTIONS : MAX_BLOCKING)
            .maxAcquireTime(Duration.ofSeconds(30))
            .maxCreateConnectionTime(Duration.ofSeconds(10))
            .maxValidationTime(Duration.ofSeconds(5))
            .maxIdleTime(Duration.ofMinutes(30))
            .maxLifeTime(Duration.ofHours(8))
            .acquireRetry(0)
            // Eviction would close idle connections on a thread that must not block.
            .backgroundEvictionInterval(Duration.ZERO)
            .customizer(pool -> pool.maxPendingAcquire(MAX_QUEUED))
            .build());
  }

  private Mono<Connection> setUp(Connection connection) {
    return Flux.fromIterable(setup)
        .concatMap(sql -> connection.createStatement(sql).execute())
        .concatMap(Result::getRowsUpdated)
        .then(Mono.just(connection))
        .onErrorResume(
            failure -> Mono.from(connection.close()).onErrorComplete().then(Mono.error(failure)));
  }

  private ConnectionFactory onOwnThread(ConnectionFactory factory) {
    return new ConnectionFactory() {
      @Override
      public Publisher<? extends Connection> create() {
        Mono<Connection> connection = Mono.from(factory.create()).flatMap(opened -> setUp(opened));
        return blocking == null ? connection : connection.subscribeOn(blocking);
      }

      @Override
      public ConnectionFactoryMetadata getMetadata() {
        return factory.getMetadata();
      }
    };
  }
}
