package io.batchflow.benchmarks;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Hand-written code: batches in a {@code flatMap} over the connections of a pool. */
final class R2dbcLoop implements Way.Writing, AutoCloseable {

  private final ConnectionPool pool;
  private final int connections;
  private final int batch;
  private final Write write;

  /** Writes a batch on a connection. */
  @FunctionalInterface
  interface Write {

    Publisher<?> batch(Connection connection, int first, int rows);
  }

  R2dbcLoop(ConnectionFactory factory, int connections, int batch, Write write) {
    this.pool = pool(factory, connections);
    this.connections = connections;
    this.batch = batch;
    this.write = write;
  }

  static ConnectionPool pool(ConnectionFactory factory, int connections) {
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(factory)
            .initialSize(connections)
            .maxSize(connections)
            .build());
  }

  @Override
  public void write(int rows) {
    Flux.range(0, rows / batch).flatMap(this::batch, connections).blockLast();
  }

  private Mono<Void> batch(int number) {
    return Mono.usingWhen(
        pool.create(),
        connection -> Flux.from(write.batch(connection, number * batch, batch)).then(),
        Connection::close);
  }

  @Override
  public void close() {
    pool.disposeLater().block();
  }
}
