package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.UPSERTS;
import static io.batchflow.micrometer.Scenario.batchesOf;
import static io.batchflow.micrometer.Scenario.event;
import static io.batchflow.micrometer.Scenario.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.FailureKind;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.util.retry.Retry;

/** The effects of each kind of write on all meters. Meters that are not listed stay at zero. */
class MicrometerWritesTest {

  private final Scenario run = new Scenario();

  @Test
  void beforeAnythingHappensThereIsOnlyTheFlow() {
    run.flow(batchesOf(2)).build();

    assertThat(run.all())
        .containsExactly(
            "batchflow.awaiting.connection{flow=orders} 0 batches",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 4 batches",
            "batchflow.connections{flow=orders state=idle} 0 connections",
            "batchflow.connections{flow=orders state=in_use} 0 connections",
            "batchflow.dead.letters{flow=orders outcome=kept} count 0 rows",
            "batchflow.dead.letters{flow=orders outcome=lost} count 0 rows",
            "batchflow.health{flow=orders} 0 status",
            "batchflow.longest.wait{flow=orders} 0 seconds",
            "batchflow.max.connections{flow=orders} 0 connections",
            "batchflow.waiting{flow=orders} 0 submissions",
            "batchflow.writes{flow=orders} 0 batches");
  }

  @Test
  void success() {
    run.writer.answeringAfter(Duration.ofSeconds(3), run.time);
    BatchFlow flow = run.flow(batchesOf(2)).build();

    submit(flow.submit(event(1, "a")));
    run.pass(4);
    submit(flow.submit(event(2, "b")));
    run.pass(3);

    assertThat(run.all())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 2 submissions",
            "batchflow.affected{flow=orders table=events} count 2 rows",
            "batchflow.awaiting.connection{flow=orders} 0 batches",
            "batchflow.batch.bytes{flow=orders table=events} count 1 total 290 max 290 bytes",
            "batchflow.batch.size{flow=orders table=events} count 1 total 2 max 2 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 4 batches",
            "batchflow.connections{flow=orders state=idle} 0 connections",
            "batchflow.connections{flow=orders state=in_use} 0 connections",
            "batchflow.dead.letters{flow=orders outcome=kept} count 0 rows",
            "batchflow.dead.letters{flow=orders outcome=lost} count 0 rows",
            "batchflow.durable.time{flow=orders table=events} count 1 total_time 7 max 7 seconds",
            "batchflow.ended{flow=orders outcome=invalid table=events} count 0 submissions",
            "batchflow.ended{flow=orders outcome=not_sent table=events} count 0 submissions",
            "batchflow.ended{flow=orders outcome=rejected table=events} count 0 submissions",
            "batchflow.ended{flow=orders outcome=unknown table=events} count 0 submissions",
            "batchflow.ended{flow=orders outcome=withdrawn table=events} count 0 submissions",
            "batchflow.ended{flow=orders outcome=written table=events} count 2 submissions",
            "batchflow.health{flow=orders} 0 status",
            "batchflow.in.flight{flow=orders table=events} 0 rows",
            "batchflow.last.write{flow=orders table=events} 7 seconds",
            "batchflow.longest.wait{flow=orders} 0 seconds",
            "batchflow.max.connections{flow=orders} 0 connections",
            "batchflow.max.size{flow=orders table=events} 2 rows",
            "batchflow.merged{flow=orders table=events} count 0 rows",
            "batchflow.oldest.age{flow=orders table=events} 0 seconds",
            "batchflow.paused{flow=orders table=events} 0 tables",
            "batchflow.queue.time{flow=orders table=events} count 1 total_time 4 max 4 seconds",
            "batchflow.queued{flow=orders table=events} 0 rows",
            "batchflow.retries{flow=orders table=events} count 0 retries",
            "batchflow.sealed{flow=orders reason=age table=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=bytes table=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=close table=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=flush table=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=idle table=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=pressure table=events} count 0 batches",
            "batchflow.sealed{flow=orders reason=rows table=events} count 1 batches",
            "batchflow.splits{flow=orders table=events} count 0 splits",
            "batchflow.turned.away{flow=orders reason=closed table=events} count 0 submissions",
            "batchflow.turned.away{flow=orders reason=denied table=events} count 0 submissions",
            "batchflow.turned.away{flow=orders reason=expired table=events} count 0 submissions",
            "batchflow.turned.away{flow=orders reason=full table=events} count 0 submissions",
            "batchflow.turned.away{flow=orders reason=invalid table=events} count 0 submissions",
            "batchflow.turned.away{flow=orders reason=quota table=events} count 0 submissions",
            "batchflow.waiting{flow=orders} 0 submissions",
            "batchflow.write.time{flow=orders outcome=invalid table=events} count 0 total_time 0 max 0 seconds",
            "batchflow.write.time{flow=orders outcome=not_sent table=events} count 0 total_time 0 max 0 seconds",
            "batchflow.write.time{flow=orders outcome=rejected table=events} count 0 total_time 0 max 0 seconds",
            "batchflow.write.time{flow=orders outcome=unknown table=events} count 0 total_time 0 max 0 seconds",
            "batchflow.write.time{flow=orders outcome=written table=events} count 1 total_time 3 max 3 seconds",
            "batchflow.writes{flow=orders} 0 batches");
  }

  @Test
  void rejection() {
    run.writer.rejectingRows(row -> row.value("value").equals("bad"));
    BatchFlow flow = run.flow(batchesOf(2)).build();

    submit(flow.submit(event(1, "good")));
    submit(flow.submit(event(2, "bad")));
    run.pass(1);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 2 submissions",
            "batchflow.affected{flow=orders table=events} count 1 rows",
            "batchflow.batch.bytes{flow=orders table=events} count 1 total 295 max 295 bytes",
            "batchflow.batch.size{flow=orders table=events} count 1 total 2 max 2 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 4 batches",
            "batchflow.durable.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.ended{flow=orders outcome=rejected table=events} count 1 submissions",
            "batchflow.ended{flow=orders outcome=written table=events} count 1 submissions",
            "batchflow.queue.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows table=events} count 1 batches",
            "batchflow.write.time{flow=orders outcome=written table=events} count 1 total_time 0 max 0 seconds");
  }

  @Test
  void retry() {
    run.writer
        .answeringAfter(Duration.ofSeconds(1), run.time)
        .failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));
    BatchFlow flow =
        run.flow(batchesOf(1)).retry(Retry.fixedDelay(1, Duration.ofSeconds(2))).build();

    submit(flow.submit(event(1, "a")));
    run.pass(4);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 1 submissions",
            "batchflow.affected{flow=orders table=events} count 1 rows",
            "batchflow.batch.bytes{flow=orders table=events} count 1 total 145 max 145 bytes",
            "batchflow.batch.size{flow=orders table=events} count 1 total 1 max 1 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 4 batches",
            "batchflow.durable.time{flow=orders table=events} count 1 total_time 4 max 4 seconds",
            "batchflow.ended{flow=orders outcome=written table=events} count 1 submissions",
            "batchflow.failures{error=SimulatedFailure flow=orders stage=retry table=events} count 1 failures",
            "batchflow.queue.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.retries{flow=orders table=events} count 1 retries",
            "batchflow.sealed{flow=orders reason=rows table=events} count 1 batches",
            "batchflow.write.time{flow=orders outcome=written table=events} count 1 total_time 4 max 4 seconds");
  }

  @Test
  void writesThatFailForGood() {
    run.writer
        .answeringAfter(Duration.ofSeconds(1), run.time)
        .failing(1, RecordingWriter.failure(FailureKind.PERMANENT))
        .failing(2, RecordingWriter.failure(FailureKind.UNKNOWN));
    BatchFlow flow = run.flow(batchesOf(1)).concurrency(1).build();

    submit(flow.submit(event(1, "a")));
    submit(flow.submit(event(2, "a")));
    run.pass(2);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 2 submissions",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 1 batches",
            "batchflow.ended{flow=orders outcome=rejected table=events} count 1 submissions",
            "batchflow.ended{flow=orders outcome=unknown table=events} count 1 submissions",
            "batchflow.failures{error=SimulatedFailure flow=orders stage=final table=events} count 2 failures",
            "batchflow.health{flow=orders} 1 status",
            "batchflow.queue.time{flow=orders table=events} count 2 total_time 1 max 1 seconds",
            "batchflow.sealed{flow=orders reason=rows table=events} count 2 batches",
            "batchflow.write.time{flow=orders outcome=rejected table=events} count 1 total_time 1 max 1 seconds",
            "batchflow.write.time{flow=orders outcome=unknown table=events} count 1 total_time 1 max 1 seconds");
  }

  @Test
  void split() {
    run.writer.rejecting(row -> row.value("value").equals("bad"));
    BatchFlow flow = run.flow(batchesOf(2)).build();

    submit(flow.submit(event(1, "good")));
    submit(flow.submit(event(2, "bad")));
    run.pass(1);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=events} count 2 submissions",
            "batchflow.affected{flow=orders table=events} count 1 rows",
            "batchflow.batch.bytes{flow=orders table=events} count 1 total 148 max 148 bytes",
            "batchflow.batch.size{flow=orders table=events} count 1 total 1 max 1 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 4 batches",
            "batchflow.durable.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.ended{flow=orders outcome=rejected table=events} count 1 submissions",
            "batchflow.ended{flow=orders outcome=written table=events} count 1 submissions",
            "batchflow.failures{error=SimulatedFailure flow=orders stage=final table=events} count 1 failures",
            "batchflow.failures{error=SimulatedFailure flow=orders stage=split table=events} count 1 failures",
            "batchflow.queue.time{flow=orders table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows table=events} count 1 batches",
            "batchflow.splits{flow=orders table=events} count 1 splits",
            "batchflow.write.time{flow=orders outcome=rejected table=events} count 1 total_time 0 max 0 seconds",
            "batchflow.write.time{flow=orders outcome=written table=events} count 1 total_time 0 max 0 seconds");
  }

  @Test
  void merge() {
    BatchFlow flow = run.flow(batchesOf(3)).concurrency(1).build();

    for (long id : new long[] {1, 2, 1}) {
      submit(flow.submit(UPSERTS.row().set("id", id).set("value", "a")));
    }
    run.pass(1);

    assertThat(run.moved())
        .containsExactly(
            "batchflow.admitted{flow=orders table=upserts} count 3 submissions",
            "batchflow.affected{flow=orders table=upserts} count 2 rows",
            "batchflow.batch.bytes{flow=orders table=upserts} count 1 total 290 max 290 bytes",
            "batchflow.batch.size{flow=orders table=upserts} count 1 total 2 max 2 rows",
            "batchflow.capacity{flow=orders} 20000 rows",
            "batchflow.concurrency{flow=orders} 1 batches",
            "batchflow.durable.time{flow=orders table=upserts} count 1 total_time 0 max 0 seconds",
            "batchflow.ended{flow=orders outcome=written table=upserts} count 3 submissions",
            "batchflow.merged{flow=orders table=upserts} count 1 rows",
            "batchflow.queue.time{flow=orders table=upserts} count 1 total_time 0 max 0 seconds",
            "batchflow.sealed{flow=orders reason=rows table=upserts} count 1 batches",
            "batchflow.write.time{flow=orders outcome=written table=upserts} count 1 total_time 0 max 0 seconds");
  }
}
