package io.batchflow;

import static io.batchflow.Rows.NEVER;
import static io.batchflow.Rows.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.loop.SchedulerEventLoop;
import io.batchflow.internal.loop.ThreadEventLoop;
import io.batchflow.test.RecordingWriter;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** ThreadLocals with Micrometer's context propagation, on real threads. */
class ContextPropagationTest {

  private static final String KEY = "user";
  private static final ThreadLocal<@Nullable String> USER = new ThreadLocal<>();
  private static final ThreadLocal<@Nullable String> INHERITED = new InheritableThreadLocal<>();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RecordingWriter writer = RecordingWriter.create();
  private final Queue<String> foreign = new ConcurrentLinkedQueue<>();
  private final Queue<String> restored = new ConcurrentLinkedQueue<>();

  private final BatchWriter watched =
      batch -> {
        watch("write");
        return writer.write(batch).doOnSubscribe(subscribed -> watch("subscribe"));
      };

  private final BatchListener listener =
      new BatchListener() {
        @Override
        public void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {
          watch("onSealed");
        }

        @Override
        public void onWritten(Batch batch, BatchResult result, int attempts, Duration took) {
          watch("onWritten");
          ContextSnapshotFactory snapshots = ContextSnapshotFactory.builder().build();
          batch
              .contexts()
              .forEach(
                  context -> {
                    try (ContextSnapshot.Scope scope = snapshots.setThreadLocalsFrom(context)) {
                      assertThat(scope).isNotNull();
                      restored.add(String.valueOf(USER.get()));
                    }
                  });
        }

        @Override
        public void onDurable(Schema schema, int rows, Duration longest) {
          watch("onDurable");
        }
      };

  private void watch(String where) {
    String user = USER.get();
    if (user != null) {
      foreign.add(where + " ran for " + user);
    }
  }

  @BeforeEach
  void register() {
    ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, USER);
  }

  @AfterEach
  void clean() {
    Hooks.disableAutomaticContextPropagation();
    ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
    USER.remove();
  }

  private BatchFlow.Builder flow(int rows) {
    return BatchFlow.builder(watched)
        .listener(listener)
        .concurrency(1)
        .defaultPolicy(
            BatchPolicy.builder().maxSize(rows).maxDelay(NEVER).lingerWhenIdle(true).build());
  }

  private static Mono<String> userWhenStored(BatchFlow flow, String user, long id) {
    return flow.submit(event(id))
        .map(result -> String.valueOf(USER.get()))
        .contextWrite(Context.of(KEY, user));
  }

  private static Mono<List<String>> usersOfStream(BatchFlow flow, String user, long... ids) {
    return flow.submitAll(Flux.fromStream(Arrays.stream(ids).mapToObj(Rows::event)))
        .map(outcome -> String.valueOf(USER.get()))
        .collectList()
        .contextWrite(Context.of(KEY, user));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachCallerGetsItsOwnThreadLocalsBackAndNobodyElseDoes(boolean onScheduler) {
    Hooks.enableAutomaticContextPropagation();
    Scheduler scheduler = Schedulers.newParallel("flow", 2);
    BatchFlow flow = onScheduler ? flow(6).scheduler(scheduler).build() : flow(6).build();

    List<?> users =
        Mono.zip(
                List.of(
                    userWhenStored(flow, "ann", 1),
                    userWhenStored(flow, "bob", 2),
                    usersOfStream(flow, "streams", 3, 4, 5),
                    userWhenStored(flow, "eve", 6)),
                List::of)
            .block(PATIENCE);
    flow.close().block(PATIENCE);
    scheduler.dispose();

    assertThat(users)
        .isEqualTo(List.of("ann", "bob", List.of("streams", "streams", "streams"), "eve"));
    assertThat(foreign).isEmpty();
    assertThat(restored).containsExactlyInAnyOrder("ann", "bob", "streams", "eve");
  }

  @Test
  void withoutTheHookTheOperatorsThatRestoreDoSo() {
    BatchFlow flow = flow(1).build();
    USER.set("ann");

    Mono<String> one =
        flow.submit(event(1))
            .<String>handle((result, sink) -> sink.next(String.valueOf(USER.get())))
            .contextCapture();
    Flux<String> many =
        flow.submitAll(Flux.just(event(2)))
            .<String>handle((outcome, sink) -> sink.next(String.valueOf(USER.get())))
            .contextCapture();

    assertThat(one.block(PATIENCE)).isEqualTo("ann");
    assertThat(many.collectList().block(PATIENCE)).containsExactly("ann");
    flow.close().block(PATIENCE);
    assertThat(foreign).isEmpty();
    assertThat(restored).containsExactly("ann", "ann");
  }

  @Test
  void theThreadOfAFlowInheritsNoThreadLocals() throws InterruptedException {
    INHERITED.set("builder");
    ThreadEventLoop loop = new ThreadEventLoop("test");
    INHERITED.remove();

    assertThat(seenBy(loop, INHERITED)).isEqualTo("nobody");
  }

  @Test
  void aLoopOnASchedulerRunsForNobody() throws InterruptedException {
    Hooks.enableAutomaticContextPropagation();
    Scheduler scheduler = Schedulers.newSingle("loop");
    USER.set("waker");

    assertThat(seenBy(new SchedulerEventLoop(scheduler), USER)).isEqualTo("nobody");
    scheduler.dispose();
  }

  private static @Nullable String seenBy(EventLoop loop, ThreadLocal<@Nullable String> threadLocal)
      throws InterruptedException {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    CountDownLatch passed = new CountDownLatch(1);
    loop.start(
        () -> {
          String user = threadLocal.get();
          seen.add(user == null ? "nobody" : user);
          passed.countDown();
          return EventLoop.NO_DEADLINE;
        });
    loop.wake();
    assertThat(passed.await(30, TimeUnit.SECONDS)).isTrue();
    loop.stop();
    return seen.peek();
  }
}
