package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.blockhound.BlockingOperationError;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class BlockingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  private final Path directory;

  BlockingTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** BlockHound does not see into the drivers, so the threads are asked for as well. */
  @ParameterizedTest
  @EnumSource(Backend.Kind.class)
  void aWriteNeitherBlocksNorStaysOnTheThreadThatSubscribes(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE events (id INTEGER)");
      Batch batch = new Batch(EVENTS, List.of(EVENTS.request().set("id", 1)));
      Mono<String> write =
          backend.writer().write(batch).map(result -> Thread.currentThread().getName());

      StepVerifier.create(Mono.defer(() -> write).subscribeOn(Schedulers.parallel()))
          .assertNext(thread -> assertThat(thread).startsWith("batchflow-"))
          .expectComplete()
          .verify(PATIENCE);
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.Kind.class)
  void aWriterClosesWithoutBlockingTheThreadThatSubscribes(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE events (id INTEGER)");
      backend.write(EVENTS.request().set("id", 1));
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
