package io.batchflow.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Overflow;
import io.batchflow.Request;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** What each thing that can happen to a flow does to every meter; those not listed stay at zero. */
class MicrometerScenariosTest {

  private static final Schema EVENTS = Schema.table("events").columns("id", "value").build();
  private static final Schema UPSERTS =
      Schema.table("upserts")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final SimpleMeterRegistry registry =
      new SimpleMeterRegistry(SimpleConfig.DEFAULT, new MockClock());

  private BatchFlow.Builder flow(BatchPolicy.Builder policy) {
    FlowMetrics metrics = FlowMetrics.builder("orders").freshness(Duration.ZERO).build();
    metrics.bindTo(registry);
    return BatchFlow.builder(writer)
        .listener(metrics)
        .scheduler(time)
        .defaultPolicy(policy.build());
  }

  private static BatchPolicy.Builder batchesOf(int rows) {
    return BatchPolicy.builder().maxSize(rows).maxDelay(Duration.ofHours(20));
  }

  private static Request event(long id, String value) {
    return EVENTS.request().set("id", id).set("value", value);
  }

  private static <T> Disposable submit(Mono<T> mono) {
    return mono.onErrorComplete().subscribe();
  }

  private void pass(int seconds) {
    time.advanceTimeBy(Duration.ofSeconds(seconds));
  }

  private List<String> moved() {
    Meters.all(registry); // reading is what meets tables of which no batch was sealed
    return Meters.moved(registry);
  }

  @Test
  void beforeAnythingHappensThereIsOnlyTheFlow() {
    flow(batchesOf(2)).build();

    assertThat(Meters.all(registry))
        .containsExactly(
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.waiting{flow=orders} 0 submissions");
  }

  @Test
  void success() {
    writer.answeringAfter(Duration.ofSeconds(3), time);
    BatchFlow flow = flow(batchesOf(2)).build();

    submit(flow.submit(event(1, "a")));
    pass(4);
    submit(flow.submit(event(2, "b")));
    pass(3);

    assertThat(Meters.all(registry))
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 2 submissions",
            "batchflow.affected{flow=orders schema=events} count 2 rows",
            "batchflow.batch.bytes{flow=orders schema=events} count 1 total 290 max 290 bytes",
            "batchflow.batch.size{flow=orders schema=events} count 1 total 2 max 2 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.durable.time{flow=orders schema=events} count 1 total_time 7 max 7 seconds",
            "batchflow.ended{flow=orders outcome=not_sent schema=events} count 0 submissions",
            "batchflow.ended{flow=orders outcome=refused schema=events} count 0 submissions",
            "batchflow.ended{flow=orders outcome=unknown schema=events} count 0 submissions",
            "batchflow.ended{flow=orders outcome=withdrawn schema=events} count 0 submissions",
            "batchflow.ended{flow=orders outcome=written schema=events} count 2 submissions",
            "batchflow.in.flight{flow=orders schema=events} 0 rows",
            "batchflow.merged{flow=orders schema=events} count 0 rows",
            "batchflow.oldest.age{flow=orders schema=events} 0 seconds",
            "batchflow.queue.time{flow=orders schema=events} count 1 total_time 4 max 4 seconds",
            "batchflow.queued{flow=orders schema=events} 0 rows",
            "batchflow.retries{flow=orders schema=events} count 0 retries",
            "batchflow.sealed{flow=orders reason=age schema=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=bytes schema=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=close schema=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=flush schema=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=idle schema=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=pressure schema=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=rows schema=events} count 1 batches",
            "batchflow.splits{flow=orders schema=events} count 0 splits",
            "batchflow.turned.away{flow=orders reason=closed schema=events} count 0 submissions",
            "batchflow.turned.away{flow=orders reason=expired schema=events} count 0 submissions",
            "batchflow.turned.away{flow=orders reason=full schema=events} count 0 submissions",
            "batchflow.turned.away{flow=orders reason=invalid schema=events} count 0 submissions",
            "batchflow.waiting{flow=orders} 0 submissions",
            "batchflow.write.time{flow=orders outcome=refused schema=events} count 0 total_time 0 max 0 seconds",
            "batchflow.write.time{flow=orders outcome=unknown schema=events} count 0 total_time 0 max 0 seconds",
            "batchflow.write.time{flow=orders outcome=written schema=events} count 1 total_time 3 max 3 seconds");
  }

  @Test
  void whatIsUnderWay() {
    writer.hold();
    BatchFlow flow = flow(batchesOf(2)).maxPending(3).concurrency(1).build();

    for (int i = 0; i < 4; i++) {
      submit(flow.submit(event(i, "a")));
    }
    pass(5);

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 3 submissions",
            "batchflow.capacity{flow=orders} 3 rows",
            "batchflow.in.flight{flow=orders schema=events} 2 rows",
            "batchflow.oldest.age{flow=orders schema=events} 5 seconds",
            "batchflow.queue.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.queued{flow=orders schema=events} 1 rows",
            "batchflow.sealed{flow=orders reason=rows schema=events} count 1 batches",
            "batchflow.waiting{flow=orders} 1 submissions");
  }

  @Test
  void refusal() {
    writer.refusing(row -> row.value("value").equals("bad"));
    BatchFlow flow = flow(batchesOf(2)).build();

    submit(flow.submit(event(1, "good")));
    submit(flow.submit(event(2, "bad")));
    pass(1);

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 2 submissions",
            "batchflow.affected{flow=orders schema=events} count 1 rows",
            "batchflow.batch.bytes{flow=orders schema=events} count 1 total 295 max 295 bytes",
            "batchflow.batch.size{flow=orders schema=events} count 1 total 2 max 2 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.durable.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.ended{flow=orders outcome=refused schema=events} count 1 submissions",
            "batchflow.ended{flow=orders outcome=written schema=events} count 1 submissions",
            "batchflow.queue.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows schema=events} count 1 batches",
            "batchflow.write.time{flow=orders outcome=written schema=events} count 1 total_time 0 max 0 seconds");
  }

  @Test
  void retry() {
    writer
        .answeringAfter(Duration.ofSeconds(1), time)
        .failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));
    BatchFlow flow = flow(batchesOf(1)).retry(Retry.fixedDelay(1, Duration.ofSeconds(2))).build();

    submit(flow.submit(event(1, "a")));
    pass(4);

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 1 submissions",
            "batchflow.affected{flow=orders schema=events} count 1 rows",
            "batchflow.batch.bytes{flow=orders schema=events} count 1 total 145 max 145 bytes",
            "batchflow.batch.size{flow=orders schema=events} count 1 total 1 max 1 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.durable.time{flow=orders schema=events} count 1 total_time 4 max 4 seconds",
            "batchflow.ended{flow=orders outcome=written schema=events} count 1 submissions",
            "batchflow.queue.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.retries{flow=orders schema=events} count 1 retries",
            "batchflow.sealed{flow=orders reason=rows schema=events} count 1 batches",
            "batchflow.write.time{flow=orders outcome=written schema=events} count 1 total_time 4 max 4 seconds");
  }

  @Test
  void writesThatFailForGood() {
    writer
        .answeringAfter(Duration.ofSeconds(1), time)
        .failing(1, RecordingWriter.failure(FailureKind.PERMANENT))
        .failing(2, RecordingWriter.failure(FailureKind.UNKNOWN));
    BatchFlow flow = flow(batchesOf(1)).concurrency(1).build();

    submit(flow.submit(event(1, "a")));
    submit(flow.submit(event(2, "a")));
    pass(2);

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 2 submissions",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.ended{flow=orders outcome=refused schema=events} count 1 submissions",
            "batchflow.ended{flow=orders outcome=unknown schema=events} count 1 submissions",
            "batchflow.queue.time{flow=orders schema=events} count 2 total_time 1 max 1 seconds",
            "batchflow.sealed{flow=orders reason=rows schema=events} count 2 batches",
            "batchflow.write.time{flow=orders outcome=refused schema=events} count 1 total_time 1 max 1 seconds",
            "batchflow.write.time{flow=orders outcome=unknown schema=events} count 1 total_time 1 max 1 seconds");
  }

  @Test
  void split() {
    writer.rejecting(row -> row.value("value").equals("bad"));
    BatchFlow flow = flow(batchesOf(2)).build();

    submit(flow.submit(event(1, "good")));
    submit(flow.submit(event(2, "bad")));
    pass(1);

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 2 submissions",
            "batchflow.affected{flow=orders schema=events} count 1 rows",
            "batchflow.batch.bytes{flow=orders schema=events} count 1 total 148 max 148 bytes",
            "batchflow.batch.size{flow=orders schema=events} count 1 total 1 max 1 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.durable.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.ended{flow=orders outcome=refused schema=events} count 1 submissions",
            "batchflow.ended{flow=orders outcome=written schema=events} count 1 submissions",
            "batchflow.queue.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows schema=events} count 1 batches",
            "batchflow.splits{flow=orders schema=events} count 1 splits",
            "batchflow.write.time{flow=orders outcome=refused schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.write.time{flow=orders outcome=written schema=events} count 1 total_time 0 max 0 seconds");
  }

  @Test
  void overflow() {
    writer.hold();
    BatchFlow flow =
        flow(batchesOf(1).overflow(Overflow.FAIL)).maxPending(1).concurrency(1).build();

    submit(flow.submit(event(1, "a")));
    submit(flow.submit(event(2, "a")));

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 1 submissions",
            "batchflow.capacity{flow=orders} 1 rows",
            "batchflow.in.flight{flow=orders schema=events} 1 rows",
            "batchflow.queue.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows schema=events} count 1 batches",
            "batchflow.turned.away{flow=orders reason=full schema=events} count 1 submissions");
  }

  @Test
  void waitedInVain() {
    writer.hold();
    BatchFlow flow =
        flow(batchesOf(1).maxDelay(Duration.ZERO).deliveryTimeout(Duration.ofSeconds(9)))
            .maxPending(1)
            .concurrency(1)
            .build();

    submit(flow.submit(event(1, "a")));
    submit(flow.submit(event(2, "a")));
    pass(10);

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 1 submissions",
            "batchflow.capacity{flow=orders} 1 rows",
            "batchflow.in.flight{flow=orders schema=events} 1 rows",
            "batchflow.oldest.age{flow=orders schema=events} 10 seconds",
            "batchflow.queue.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows schema=events} count 1 batches",
            "batchflow.turned.away{flow=orders reason=expired schema=events} count 1 submissions");
  }

  @Test
  void invalidRowsAndWithdrawnOnes() {
    BatchFlow flow = flow(batchesOf(2)).build();

    submit(flow.submit(UPSERTS.request().set("value", "no key")));
    submit(flow.submit(event(1, "a"))).dispose();
    pass(1);

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 1 submissions",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.ended{flow=orders outcome=withdrawn schema=events} count 1 submissions",
            "batchflow.turned.away{flow=orders reason=invalid schema=upserts} count 1 submissions");
  }

  @Test
  void close() {
    BatchFlow flow = flow(batchesOf(2)).build();

    submit(flow.submit(event(1, "a")));
    submit(flow.close());
    pass(1);
    submit(flow.submit(event(2, "a")));

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 1 submissions",
            "batchflow.affected{flow=orders schema=events} count 1 rows",
            "batchflow.batch.bytes{flow=orders schema=events} count 1 total 145 max 145 bytes",
            "batchflow.batch.size{flow=orders schema=events} count 1 total 1 max 1 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.durable.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.ended{flow=orders outcome=written schema=events} count 1 submissions",
            "batchflow.queue.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=close schema=events} count 1 batches",
            "batchflow.turned.away{flow=orders reason=closed schema=events} count 1 submissions",
            "batchflow.write.time{flow=orders outcome=written schema=events} count 1 total_time 0 max 0 seconds");
  }

  @Test
  void closeAtItsDeadline() {
    writer.hold();
    BatchFlow flow = flow(batchesOf(1)).concurrency(1).build();

    submit(flow.submit(event(1, "a")));
    submit(flow.submit(event(2, "a")));
    submit(flow.close(Duration.ofSeconds(2)));
    pass(2);

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 2 submissions",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.ended{flow=orders outcome=not_sent schema=events} count 1 submissions",
            "batchflow.ended{flow=orders outcome=unknown schema=events} count 1 submissions",
            "batchflow.queue.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows schema=events} count 1 batches");
  }

  @Test
  void merge() {
    BatchFlow flow = flow(batchesOf(3)).concurrency(1).build();

    for (long id : new long[] {1, 2, 1}) {
      submit(flow.submit(UPSERTS.request().set("id", id).set("value", "a")));
    }
    pass(1);

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=upserts} count 3 submissions",
            "batchflow.affected{flow=orders schema=upserts} count 2 rows",
            "batchflow.batch.bytes{flow=orders schema=upserts} count 1 total 290 max 290 bytes",
            "batchflow.batch.size{flow=orders schema=upserts} count 1 total 2 max 2 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.durable.time{flow=orders schema=upserts} count 1 total_time 0 max 0 seconds",
            "batchflow.ended{flow=orders outcome=written schema=upserts} count 3 submissions",
            "batchflow.merged{flow=orders schema=upserts} count 1 rows",
            "batchflow.queue.time{flow=orders schema=upserts} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows schema=upserts} count 1 batches",
            "batchflow.write.time{flow=orders outcome=written schema=upserts} count 1 total_time 0 max 0 seconds");
  }

  @Test
  void flush() {
    BatchFlow flow = flow(batchesOf(3)).build();

    submit(flow.submit(event(1, "a")));
    submit(flow.flush());
    pass(1);

    assertThat(moved())
        .containsExactly(
            "batchflow.admitted{flow=orders schema=events} count 1 submissions",
            "batchflow.affected{flow=orders schema=events} count 1 rows",
            "batchflow.batch.bytes{flow=orders schema=events} count 1 total 145 max 145 bytes",
            "batchflow.batch.size{flow=orders schema=events} count 1 total 1 max 1 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.durable.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.ended{flow=orders outcome=written schema=events} count 1 submissions",
            "batchflow.queue.time{flow=orders schema=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=flush schema=events} count 1 batches",
            "batchflow.write.time{flow=orders outcome=written schema=events} count 1 total_time 0 max 0 seconds");
  }
}
