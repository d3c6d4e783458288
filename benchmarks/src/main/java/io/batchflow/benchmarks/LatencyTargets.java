package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchListener;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.SealReason;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The flows and the single writes of the latency part. */
final class LatencyTargets {

  static final String SINGLE = "single writes";
  static final String FLOW = "flow";
  static final String LINGERING = "flow, lingering";

  private static final int SINGLE_CONNECTIONS = 10;
  private static final int FLOW_CONNECTIONS = 4;

  /**
   * The rate in rows per second that single INSERTs over ten connections reach on two processors.
   */
  private static final int FASTEST_SINGLE = 5_000;

  private LatencyTargets() {}

  /** Writes an INSERT per row over a pool, as in hand-written code. */
  static Arrivals single(ConnectionFactory factory, String insert) {
    ConnectionPool pool = R2dbcLoop.pool(factory, SINGLE_CONNECTIONS);
    R2dbcLoop.Write write = Statements.single(insert);
    AtomicLong writes = new AtomicLong();
    return new Arrivals(
        SINGLE,
        FASTEST_SINGLE,
        row -> {
          writes.incrementAndGet();
          return Mono.usingWhen(
              pool.create(),
              connection -> Flux.from(write.batch(connection, row, 1)).then(),
              Connection::close);
        },
        writes::get,
        () -> pool.disposeLater().block());
  }

  static Arrivals flow(ConnectionFactory factory, boolean lingering) {
    ConnectionPool pool = R2dbcLoop.pool(factory, FLOW_CONNECTIONS);
    return flow(
        R2dbcBatchWriter.create(pool),
        FlowWriting.events(ConflictStrategy.UPDATE),
        FlowWriting::event,
        lingering,
        () -> pool.disposeLater().block());
  }

  /** Runs a statement per row on the single connection that may write. */
  static Arrivals single(SQLiteDataSource source) throws SQLException {
    java.sql.Connection connection = source.getConnection();
    PreparedStatement insert = connection.prepareStatement(Events.insert('"', 1));
    Scheduler thread = Schedulers.newSingle("sqlite");
    AtomicLong writes = new AtomicLong();
    return new Arrivals(
        SINGLE,
        FASTEST_SINGLE,
        row ->
            Mono.fromCallable(
                    () -> {
                      for (int column = 0; column < Events.COLUMNS.size(); column++) {
                        insert.setObject(column + 1, sqlite(Events.value(row, column)));
                      }
                      writes.incrementAndGet();
                      return insert.executeUpdate();
                    })
                .subscribeOn(thread),
        writes::get,
        () -> {
          thread.dispose();
          close(connection);
        });
  }

  /** Converts values of java.time, which sqlite-jdbc does not support. */
  private static Object sqlite(Object value) {
    return value instanceof java.time.LocalDateTime ? value.toString() : value;
  }

  private static void close(java.sql.Connection connection) {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new IllegalStateException("The connection did not close", failure);
    }
  }

  static Arrivals flow(SQLiteDataSource source, boolean lingering) {
    return flow(
        JdbcBatchWriter.create(source),
        FlowWriting.events(ConflictStrategy.UPDATE),
        FlowWriting::event,
        lingering,
        () -> {});
  }

  /** Sends a SET per row. Lettuce pipelines them by itself. */
  static Arrivals single(String redisUri) {
    RedisClient client = RedisClient.create(redisUri);
    StatefulRedisConnection<String, String> connection = client.connect();
    AtomicLong writes = new AtomicLong();
    return new Arrivals(
        SINGLE,
        Integer.MAX_VALUE,
        row -> {
          writes.incrementAndGet();
          return connection.reactive().set("event:" + row, "value of the event " + row);
        },
        writes::get,
        () -> {
          connection.close();
          client.shutdown();
        });
  }

  static Arrivals flow(String redisUri, boolean lingering) {
    return flow(
        RedisLoops.writer(redisUri, ConflictStrategy.REPLACE),
        RedisLoops.texts(ConflictStrategy.REPLACE),
        RedisLoops::text,
        lingering,
        () -> {});
  }

  private static Arrivals flow(
      BatchWriter writer,
      Schema schema,
      FlowWriting.RowMaker maker,
      boolean lingering,
      Runnable close) {
    AtomicLong batches = new AtomicLong();
    BatchFlow flow =
        BatchFlow.builder(writer)
            .defaultPolicy(BatchPolicy.builder().lingerWhenIdle(lingering).build())
            .listener(
                new BatchListener() {
                  @Override
                  public void onSealed(
                      Schema sealed, int rows, SealReason reason, Duration oldest) {
                    batches.incrementAndGet();
                  }
                })
            .build();
    return new Arrivals(
        lingering ? LINGERING : FLOW,
        Integer.MAX_VALUE,
        row -> flow.submit(maker.of(schema, row)),
        batches::get,
        () -> {
          flow.close().block();
          close.run();
        });
  }
}
