package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchWriter;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.blockhound.BlockingOperationError;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@Tag("server")
class BlockingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  private final Path directory;

  BlockingTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** BlockHound does not see into the drivers, so the threads are checked as well. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aWriteNeitherBlocksNorStaysOnTheThreadThatSubscribes(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE events (id INTEGER)");
      // Twice, as the second write finds an open connection.
      verifyThatItMovesAway(backend.writer());
      verifyThatItMovesAway(backend.writer());
    }
  }

  @Test
  void aConnectionOfAPoolHandedInIsTakenToAThreadThatItMayBlock() {
    String name = UUID.randomUUID().toString();
    ConnectionPool pool =
        new ConnectionPool(
            ConnectionPoolConfiguration.builder(
                    ConnectionFactories.get("r2dbc:h2:mem:///" + name + ";DB_CLOSE_DELAY=-1"))
                .build());
    Flux.usingWhen(
            pool.create(),
            connection ->
                Flux.from(connection.createStatement("CREATE TABLE events (id INTEGER)").execute())
                    .flatMap(Result::getRowsUpdated),
            Connection::close)
        .blockLast(PATIENCE);
    BatchWriter writer = R2dbcBatchWriter.create(pool);
    verifyThatItMovesAway(writer);
    verifyThatItMovesAway(writer);
    writer.close().block(PATIENCE);
    pool.disposeLater().block(PATIENCE);
  }

  /**
   * A driver may deliver a fast answer to the thread that still subscribes, but not ten times in a
   * row.
   */
  private static void verifyThatItMovesAway(BatchWriter writer) {
    Batch batch = new Batch(EVENTS, List.of(EVENTS.row().set("id", 1)));
    StepVerifier.create(
            Mono.defer(() -> writer.write(batch))
                .map(result -> Thread.currentThread().getName())
                .subscribeOn(Schedulers.parallel())
                .repeat(9)
                .filter(thread -> thread.matches("(batchflow|reactor-tcp|mariadb)-.*"))
                .next())
        .expectNextCount(1)
        .expectComplete()
        .verify(PATIENCE);
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aWriterClosesWithoutBlockingTheThreadThatSubscribes(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE events (id INTEGER)");
      backend.write(EVENTS.row().set("id", 1));
      StepVerifier.create(
              Mono.defer(() -> backend.writer().close()).subscribeOn(Schedulers.parallel()))
          .expectComplete()
          .verify(PATIENCE);
    }
  }

  @Test
  void blockHoundIsOnGuard() {
    Mono<Void> blocking =
        Mono.<Void>fromRunnable(BlockingTest::waitABit).subscribeOn(Schedulers.parallel());
    StepVerifier.create(blocking)
        .expectErrorMatches(failure -> Exceptions.unwrap(failure) instanceof BlockingOperationError)
        .verify(PATIENCE);
  }

  private static void waitABit() {
    try {
      assertThat(new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS)).isFalse();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
