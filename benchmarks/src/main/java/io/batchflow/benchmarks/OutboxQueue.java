package io.batchflow.benchmarks;

import io.batchflow.message.Message;
import io.batchflow.message.PublishResult;
import io.batchflow.r2dbc.outbox.OutboxRelay;
import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The outbox of this library, with one relay. */
final class OutboxQueue implements MessageQueue {

  private static final int CONNECTIONS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final R2dbcOutbox outbox;
  private @Nullable OutboxRelay relay;
  private final ConnectionPool pool;

  OutboxQueue(ConnectionFactory factory) {
    this.pool = R2dbcLoop.pool(factory, CONNECTIONS);
    this.outbox = R2dbcOutbox.create(pool);
    outbox.createTables().block(PATIENCE);
  }

  @Override
  public String name() {
    return "outbox";
  }

  @Override
  public String table() {
    return "batchflow_outbox";
  }

  @Override
  public Mono<Void> append(Connection connection, List<Message> messages) {
    return outbox.append(connection, messages);
  }

  @Override
  public void committed() {
    outbox.committed();
  }

  @Override
  public void start(Consumer<List<Message>> published) {
    OutboxRelay started =
        outbox
            .relay(
                batch ->
                    Mono.fromSupplier(
                        () -> {
                          published.accept(batch);
                          return batch.stream().map(one -> PublishResult.published()).toList();
                        }))
            .build();
    started.start();
    relay = started;
  }

  @Override
  public void stop() {
    OutboxRelay started = relay;
    if (started != null) {
      started.close().block(PATIENCE);
    }
  }

  @Override
  public void close() {
    pool.disposeLater().block(PATIENCE);
  }
}
