package io.batchflow;

import static io.batchflow.Rows.SOON;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.internal.submit.Signals;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** The Context of a submission reaches the writer and the listeners. */
class ContextTest {

  private static final String USER = "user";

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final List<String> told = new ArrayList<>();

  private final BatchListener listener =
      new BatchListener() {
        @Override
        public void onTurnedAway(Row row, BatchFlowException reason, ContextView context) {
          told.add("turned away " + userOf(context));
        }

        @Override
        public void onWritten(Batch batch, BatchResult result, int attempts, Duration took) {
          told.add("written " + batch.attempt() + " " + usersOf(batch));
        }

        @Override
        public void onFailed(Batch batch, BatchFlowException error, int attempts, Duration took) {
          told.add("failed " + batch.attempt() + " " + usersOf(batch));
        }

        @Override
        public void onRetry(Batch batch, int attempt, Throwable failure) {
          told.add("retry " + batch.attempt() + " " + usersOf(batch));
        }

        @Override
        public void onSplit(Batch batch, Throwable failure) {
          told.add("split " + batch.attempt() + " " + usersOf(batch));
        }

        @Override
        public void onNotWritten(Outcome<Row> outcome, ContextView context) {
          told.add("not written " + userOf(context));
        }
      };

  private BatchFlow flow(BatchPolicy.Builder policy) {
    return Rows.flow(writer, time).listener(listener).defaultPolicy(policy.build()).build();
  }

  private static Disposable as(String user, Mono<?> mono) {
    return mono.onErrorComplete().contextWrite(Context.of(USER, user)).subscribe();
  }

  private static Disposable as(String user, Flux<?> flux) {
    return flux.contextWrite(Context.of(USER, user)).subscribe();
  }

  private static String userOf(ContextView context) {
    return context.getOrDefault(USER, "nobody");
  }

  private static List<String> usersOf(Batch batch) {
    return batch.contexts().map(ContextTest::userOf).toList();
  }

  @Test
  void aBatchHasAContextOfEachSubmitAndOfEachStream() {
    List<String> written = new ArrayList<>();
    BatchWriter asking =
        batch -> {
          written.addAll(usersOf(batch));
          return writer.write(batch);
        };
    BatchFlow flow =
        Rows.flow(asking, time)
            .listener(listener)
            .defaultPolicy(patient().maxSize(6).build())
            .concurrency(1)
            .build();

    as("ann", flow.submit(event(1)));
    as("streams", flow.submitAll(Flux.just(event(2), event(3), event(4))));
    as("bob", flow.submit(event(5)));
    as("ann", flow.submit(event(6)));
    time.advanceTimeBy(SOON);

    assertThat(written).containsExactly("ann", "streams", "bob", "ann");
    assertThat(told).containsExactly("written 1 " + written);
  }

  @Test
  void mergedRowsHaveTheirCallersInTheBatch() {
    BatchFlow flow = flow(patient().maxSize(2));

    as("ann", flow.submit(row(UPSERTS, 1, "a")));
    as("bob", flow.submit(row(UPSERTS, 1, "b")));
    time.advanceTimeBy(SOON);

    assertThat(writer.sizes()).containsExactly(1);
    assertThat(told).containsExactly("written 1 [ann, bob]");
  }

  @Test
  void eachAttemptIsABatchOfItsOwnWithThoseThatItCarries() {
    writer
        .answeringAfter(Duration.ofSeconds(1), time)
        .failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));
    BatchFlow flow =
        flow(
            BatchPolicy.builder()
                .maxSize(2)
                .maxDelay(Duration.ofMillis(2_400))
                .lingerWhenIdle(true)
                .deliveryTimeout(Duration.ofMillis(2_500)));

    as("ann", flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofSeconds(2));
    as("bob", flow.submit(event(2)));
    time.advanceTimeBy(SOON);

    assertThat(told).containsExactly("retry 1 [ann, bob]", "written 2 [bob]", "not written ann");
  }

  @Test
  void halvesHaveTheirOwnCallers() {
    writer.rejecting(row -> row.value("id").equals(3L));
    BatchFlow flow = flow(patient().maxSize(3));

    as("ann", flow.submit(event(1)));
    as("bob", flow.submit(event(2)));
    as("eve", flow.submit(event(3)));
    time.advanceTimeBy(SOON);

    assertThat(told)
        .containsExactly(
            "split 1 [ann, bob, eve]", "written 1 [ann, bob]", "failed 1 [eve]", "not written eve");
  }

  @Test
  void whoIsTurnedAwayIsKnown() {
    BatchFlow flow = flow(patient());
    Schema strict = Schema.table("strict").columns("id").required("id").build();

    as("ann", flow.submit(strict.row()));
    as("bob", flow.submitAll(Flux.just(strict.row())));
    Mono<WriteResult> late = flow.submit(event(1));
    watch(flow.close());
    time.advanceTimeBy(SOON);
    as("eve", late);

    assertThat(told).containsExactly("turned away nobody", "turned away bob", "turned away eve");
  }

  @Test
  void aBatchOfNoFlowHasNoContexts() {
    assertThat(Batch.of(List.of(event(1))).contexts()).isEmpty();
    assertThat(Batch.of(List.of(event(1))).attempt()).isEqualTo(1);
  }

  @Test
  void aContextIsAskedForOnlyWhenTheStreamComesToIt() {
    class Asked extends Signals<WriteResult> {
      int times;

      @Override
      public void onSubscribe(org.reactivestreams.Subscription subscription) {
        subscription.request(1);
      }

      @Override
      public Context currentContext() {
        times++;
        return Context.empty();
      }
    }
    Asked first = new Asked();
    Asked second = new Asked();
    List<Batch> batches = new ArrayList<>();
    BatchWriter keeping =
        batch -> {
          batches.add(batch);
          return writer.write(batch);
        };
    BatchFlow flow = Rows.flow(keeping, time).defaultPolicy(patient().maxSize(2).build()).build();
    flow.submit(event(1)).subscribe(first);
    flow.submit(event(2)).subscribe(second);
    time.advanceTimeBy(SOON);
    assertThat(first.values.get() + second.values.get()).isEqualTo(2);
    assertThat(first.times + second.times).isZero();

    Stream<ContextView> contexts = batches.get(0).contexts();
    assertThat(first.times).isZero();
    assertThat(contexts.findFirst()).isPresent();

    assertThat(first.times).isEqualTo(1);
    assertThat(second.times).isZero();
  }
}
