package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.UPSERTS;
import static io.batchflow.micrometer.Scenario.batchesOf;
import static io.batchflow.micrometer.Scenario.event;
import static io.batchflow.micrometer.Scenario.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.Overflow;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The effects of limits, withdrawal, flush and close on all meters. Meters that are not listed stay
 * at zero.
 */
class MicrometerLimitsTest {

  private final Scenario run = new Scenario();

  @Test
  void whatIsUnderWay() {
    run.writer.hold();
    BatchFlow flow = run.flow(batchesOf(2)).maxPending(3).concurrency(1).build();

    for (int i = 0; i < 4; i++) {
      submit(flow.submit(event(i, "a")));
    }
    run.pass(5);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 3 submissions",
            "batchflow.capacity{flow=orders} 3 rows",
            "batchflow.concurrency{flow=orders} 1 batches",
            "batchflow.health{flow=orders} 1 status",
            "batchflow.in.flight{flow=orders table=events} 2 rows",
            "batchflow.longest.wait{flow=orders} 5 seconds",
            "batchflow.oldest.age{flow=orders table=events} 5 seconds",
            "batchflow.queue.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.queued{flow=orders table=events} 1 rows",
            "batchflow.sealed{flow=orders reason=rows table=events} count 1 batches",
            "batchflow.waiting{flow=orders} 1 submissions",
            "batchflow.writes{flow=orders} 1 batches");
  }

  @Test
  void aTableThatWasNeverWritten() {
    BatchFlow flow = run.flow(batchesOf(5)).build();
    submit(flow.submit(event(1, "a")));

    run.moved();
    assertThat(run.all())
        .contains(
            "batchflow.last.write{flow=orders table=events} NaN seconds",
            "batchflow.max.size{flow=orders table=events} 5 rows");
  }

  @Test
  void aPolicyThatChanges() {
    BatchFlow flow = run.flow(batchesOf(5)).build();
    submit(flow.submit(event(1, "a")));
    submit(flow.control("events").policy(BatchPolicy.builder().maxSize(70).build()));
    run.pass(1);

    assertThat(run.all()).contains("batchflow.max.size{flow=orders table=events} 70 rows");
  }

  @Test
  void aPausedTable() {
    BatchFlow flow = run.flow(batchesOf(1)).build();
    flow.control("events").pause().subscribe();
    submit(flow.submit(event(1, "a")));

    assertThat(run.moved())
        .contains(
            "batchflow.paused{flow=orders table=events} 1 tables",
            "batchflow.queued{flow=orders table=events} 1 rows");
  }

  @Test
  void overflow() {
    run.writer.hold();
    BatchFlow flow =
        run.flow(batchesOf(1).overflow(Overflow.FAIL)).maxPending(1).concurrency(1).build();

    submit(flow.submit(event(1, "a")));
    submit(flow.submit(event(2, "a")));

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 1 submissions",
            "batchflow.capacity{flow=orders} 1 rows",
            "batchflow.concurrency{flow=orders} 1 batches",
            "batchflow.health{flow=orders} 1 status",
            "batchflow.in.flight{flow=orders table=events} 1 rows",
            "batchflow.queue.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows table=events} count 1 batches",
            "batchflow.turned.away{flow=orders reason=full table=events} count 1 submissions",
            "batchflow.writes{flow=orders} 1 batches");
  }

  @Test
  void waitedInVain() {
    run.writer.hold();
    BatchFlow flow =
        run.flow(batchesOf(1).maxDelay(Duration.ZERO).deliveryTimeout(Duration.ofSeconds(9)))
            .maxPending(1)
            .concurrency(1)
            .build();

    submit(flow.submit(event(1, "a")));
    submit(flow.submit(event(2, "a")));
    run.pass(10);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 1 submissions",
            "batchflow.capacity{flow=orders} 1 rows",
            "batchflow.concurrency{flow=orders} 1 batches",
            "batchflow.health{flow=orders} 1 status",
            "batchflow.in.flight{flow=orders table=events} 1 rows",
            "batchflow.oldest.age{flow=orders table=events} 10 seconds",
            "batchflow.queue.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows table=events} count 1 batches",
            "batchflow.turned.away{flow=orders reason=expired table=events} count 1 submissions",
            "batchflow.writes{flow=orders} 1 batches");
  }

  @Test
  void invalidRowsAndWithdrawnOnes() {
    BatchFlow flow = run.flow(batchesOf(2)).build();

    submit(flow.submit(UPSERTS.row().set("value", "no key")));
    submit(flow.submit(event(1, "a"))).dispose();
    run.pass(1);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 1 submissions",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 4 batches",
            "batchflow.ended{flow=orders outcome=withdrawn table=events} count 1 submissions",
            "batchflow.turned.away{flow=orders reason=invalid table=upserts} count 1 submissions");
  }

  @Test
  void close() {
    BatchFlow flow = run.flow(batchesOf(2)).build();

    submit(flow.submit(event(1, "a")));
    submit(flow.close());
    run.pass(1);
    submit(flow.submit(event(2, "a")));

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 1 submissions",
            "batchflow.affected{flow=orders table=events} count 1 rows",
            "batchflow.batch.bytes{flow=orders table=events} count 1 total 145 max 145 bytes",
            "batchflow.batch.size{flow=orders table=events} count 1 total 1 max 1 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 4 batches",
            "batchflow.durable.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.ended{flow=orders outcome=written table=events} count 1 submissions",
            "batchflow.health{flow=orders} 2 status",
            "batchflow.queue.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=close table=events} count 1 batches",
            "batchflow.turned.away{flow=orders reason=closed table=events} count 1 submissions",
            "batchflow.write.time{flow=orders outcome=written table=events} count 1 total_time 0 max 0 seconds");
  }

  @Test
  void closeAtItsDeadline() {
    run.writer.hold();
    BatchFlow flow = run.flow(batchesOf(1)).concurrency(1).build();

    submit(flow.submit(event(1, "a")));
    submit(flow.submit(event(2, "a")));
    submit(flow.close(Duration.ofSeconds(2)));
    run.pass(2);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 2 submissions",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 1 batches",
            "batchflow.ended{flow=orders outcome=not_sent table=events} count 1 submissions",
            "batchflow.ended{flow=orders outcome=unknown table=events} count 1 submissions",
            "batchflow.health{flow=orders} 2 status",
            "batchflow.queue.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows table=events} count 1 batches");
  }

  @Test
  void flush() {
    BatchFlow flow = run.flow(batchesOf(3)).build();

    submit(flow.submit(event(1, "a")));
    submit(flow.flush());
    run.pass(1);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 1 submissions",
            "batchflow.affected{flow=orders table=events} count 1 rows",
            "batchflow.batch.bytes{flow=orders table=events} count 1 total 145 max 145 bytes",
            "batchflow.batch.size{flow=orders table=events} count 1 total 1 max 1 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 4 batches",
            "batchflow.durable.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.ended{flow=orders outcome=written table=events} count 1 submissions",
            "batchflow.queue.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=flush table=events} count 1 batches",
            "batchflow.write.time{flow=orders outcome=written table=events} count 1 total_time 0 max 0 seconds");
  }
}
