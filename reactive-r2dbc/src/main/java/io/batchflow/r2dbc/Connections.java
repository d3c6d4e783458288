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
 * Where the connections of a writer come from, and the threads they may block: the caller's own
 * pool, or a pool of ours over the caller's factory. Where the driver blocks, all that is done with
 * a connection is done on threads made for that.
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
   * All are started now: starting one takes a lock, which a thread of the flow may not wait for.
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

  /** Returns what the pool's connections are doing; one that shows nothing says nothing. */
  ConnectionStats stats() {
    return source instanceof ConnectionPool pool
        ? pool.getMetrics().map(this::stats).orElse(ConnectionStats.NONE)
        : ConnectionStats.NONE;
  }

  private ConnectionStats stats(PoolMetrics pool) {
    return new ConnectionStats(
        pool.acquiredSize(), pool.idleSize(), pool.pendingAcquireSize(), max);
  }

  /** Returns a connection, on a thread that it may block; its {@code close} gives it back. */
  Mono<Connection> acquire() {
    Mono<Connection> connection = Mono.from(source.create());
    // A pool may hand it over on a thread of anyone's, hence the second hop.
    return blocking == null ? connection : connection.subscribeOn(blocking).publishOn(blocking);
  }

  /** Returns a connection that is not of the pool; its {@code close} closes it. */
  Mono<Connection> sideConnection() {
    ConnectionFactory raw = source instanceof ConnectionPool pool ? pool.unwrap() : source;
    Mono<Connection> connection = Mono.from(raw.create());
    return blocking == null ? connection : connection.subscribeOn(Schedulers.boundedElastic());
  }

  /**
   * Closes what was opened here, the threads first: a pool that is closed while a release is not
   * quite done loses count.
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

  /** Reactor's disposeGracefully leaves a thread that holds up the JVM's end by ten seconds. */
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
            // Else idle connections would be closed on a thread that must not block.
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
