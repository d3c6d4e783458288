package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.audit.AuditRecord;
import io.batchflow.audit.AuditTrail;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Submits single rows, each under the name of one of a hundred users. */
final class UsersWriting implements Way.Writing, AutoCloseable {

  private static final int AHEAD = 8_192;

  private static final List<Context> USERS =
      IntStream.range(0, 100).mapToObj(n -> Context.of(AuditTrail.USER, "user " + n)).toList();

  private final ConnectionPool pool;
  private final Schema schema;
  private final BatchFlow flow;
  private final boolean audit;
  private final AuditTrail trail =
      AuditTrail.builder("benchmark", entry -> Mono.fromRunnable(() -> check(entry)))
          .principal(AuditTrail.USER)
          .build();

  private UsersWriting(
      ConnectionFactory factory,
      ConflictStrategy strategy,
      int batch,
      int connections,
      boolean audit) {
    this.pool = R2dbcLoop.pool(factory, connections);
    this.audit = audit;
    this.schema = FlowWriting.events(strategy);
    BatchFlow.Builder builder =
        BatchFlow.builder(R2dbcBatchWriter.create(pool))
            .defaultPolicy(BatchPolicy.builder().maxSize(batch).build());
    if (audit) {
      builder.listener(trail);
    }
    this.flow = builder.build();
  }

  static UsersWriting audited(
      ConnectionFactory factory, ConflictStrategy strategy, int batch, int connections) {
    return new UsersWriting(factory, strategy, batch, connections, true);
  }

  static UsersWriting bare(
      ConnectionFactory factory, ConflictStrategy strategy, int batch, int connections) {
    return new UsersWriting(factory, strategy, batch, connections, false);
  }

  /** A failure counts as a lost record. */
  private static void check(AuditRecord entry) {
    if (entry.principals().isEmpty()) {
      throw new IllegalStateException("A record has no users");
    }
  }

  @Override
  public void write(int rows) {
    Flux.range(0, rows).flatMap(this::submit, AHEAD).blockLast();
  }

  private Mono<WriteResult> submit(int number) {
    return flow.submit(FlowWriting.event(schema, number))
        .contextWrite(USERS.get(number % USERS.size()));
  }

  @Override
  public void close() {
    flow.close().then(trail.flush()).block();
    pool.disposeLater().block();
    long batches = audit ? flow.stats().batches() : 0;
    if (trail.lost() > 0 || trail.kept() < batches) {
      throw new IllegalStateException(
          trail.kept()
              + " records were kept of "
              + batches
              + " batches, "
              + trail.lost()
              + " lost");
    }
  }
}
