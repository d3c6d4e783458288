package io.batchflow.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.FlowClosedException;
import io.batchflow.RowRejectedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What becomes of each record, on a real broker and a real database. */
@Tag("server")
class KafkaIngestTest extends KafkaFixture {

  private static final String TOO_LONG = "much longer than the column";

  private final Queue<RejectedRecord> letters = new ConcurrentLinkedQueue<>();

  KafkaIngestTest() throws SQLException {}

  @BeforeEach
  void createTopic() throws Exception {
    broker.createTopic(topic, 2);
  }

  private Mono<Void> keep(RejectedRecord rejected) {
    return Mono.fromRunnable(() -> letters.add(rejected));
  }

  private static void assertStopsAt(ThrowingCallable end, long offset, Class<?> cause) {
    assertThatThrownBy(end)
        .asInstanceOf(type(KafkaIngestException.class))
        .satisfies(failure -> assertThat(failure.offset()).isEqualTo(offset))
        .satisfies(failure -> assertThat(failure.partition()).isZero())
        .satisfies(
            failure -> assertThat(failure).hasCauseInstanceOf(cause.asSubclass(Throwable.class)))
        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain(TOO_LONG, "twelve"));
  }

  @Test
  void recordsAreStoredAndCommitted() throws Exception {
    for (int id = 0; id < 1_000; id++) {
      send(id % 2, id, "tea");
    }
    started(ingest(flow(writer())));

    await(this::rows, 1_000L);
    await(() -> committed(0), 500L);
    await(() -> committed(1), 500L);
  }

  @Test
  void theLastRecordOfAKeyWins() throws Exception {
    for (int i = 0; i < 300; i++) {
      send(0, i % 3, "v" + i);
    }
    started(ingest(flow(writer())));

    await(() -> committed(0), 300L);
    assertThat(count("SELECT COUNT(*) FROM orders WHERE item IN ('v297', 'v298', 'v299')"))
        .isEqualTo(3);
  }

  @Test
  void aRejectedRecordPassesWhenItIsKept() throws Exception {
    send(0, 1, "tea");
    send(0, 2, TOO_LONG);
    send(0, 3, "milk");
    started(ingest(flow(writer())).deadLetter(this::keep));

    await(() -> committed(0), 3L);
    assertThat(rows()).isEqualTo(2);
    assertThat(letters)
        .singleElement()
        .satisfies(letter -> assertThat(letter.record().offset()).isEqualTo(1))
        .satisfies(letter -> assertThat(letter.record().value()).asString().isEqualTo(TOO_LONG))
        .satisfies(letter -> assertThat(letter.reason()).isInstanceOf(RowRejectedException.class))
        .satisfies(letter -> assertThat(letter.toString()).doesNotContain(TOO_LONG));
  }

  @Test
  void aRejectedRecordEndsTheIngestIfNobodyKeepsIt() throws Exception {
    send(0, 1, "tea");
    send(0, 2, TOO_LONG);
    send(0, 3, "milk");
    KafkaIngest ingest = started(ingest(flow(writer())));

    assertStopsAt(() -> ingest.done().block(PATIENCE), 1, RowRejectedException.class);
    assertThat(committed(0)).isEqualTo(1);
  }

  @Test
  void anIngestEndsIfALetterCannotBeKept() throws Exception {
    send(0, 1, TOO_LONG);
    KafkaIngest ingest =
        started(
            ingest(flow(writer()))
                .deadLetter(rejected -> Mono.error(new IllegalStateException("full"))));

    assertStopsAt(() -> ingest.done().block(PATIENCE), 0, IllegalStateException.class);
    assertThat(committed(0)).isLessThan(1);
  }

  @Test
  void aRecordThatCannotBeMappedIsRejected() throws Exception {
    send(0, 1, "tea");
    broker.send(topic, 0, "twelve", "milk");
    send(0, 3, "milk");
    started(ingest(flow(writer())).deadLetter(this::keep));

    await(() -> committed(0), 3L);
    assertThat(rows()).isEqualTo(2);
    assertThat(letters)
        .singleElement()
        .satisfies(letter -> assertThat(letter.reason()).isInstanceOf(NumberFormatException.class));
  }

  @Test
  void aRecordThatCannotBeMappedEndsTheIngestIfNobodyKeepsIt() throws Exception {
    broker.send(topic, 0, "twelve", "milk");
    KafkaIngest ingest = started(ingest(flow(writer())));

    assertStopsAt(() -> ingest.done().block(PATIENCE), 0, NumberFormatException.class);
  }

  @Test
  void aRecordWithoutARowIsSkipped() throws Exception {
    send(0, 1, "tea");
    send(0, 2, "skipped");
    started(ingest(flow(writer())));

    await(() -> committed(0), 2L);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void aTombstoneCanDelete() throws Exception {
    send(0, 1, "tea");
    send(0, 2, "milk");
    send(0, 1, null);
    started(ingest(flow(writer())));

    await(() -> committed(0), 3L);
    assertThat(count("SELECT MAX(id) FROM orders")).isEqualTo(2);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void closeWaitsForOpenRecordsAndCommitsThem() throws Exception {
    for (int id = 0; id < 2_000; id++) {
      send(0, id, "tea");
    }
    KafkaIngest ingest = started(ingest(flow(writer())));
    await(() -> rows() > 0, true);

    ingest.close().block(PATIENCE);

    assertThat(ingest.stats().inFlight()).isZero();
    assertThat(committed(0)).isEqualTo(rows());
    ingest.done().block(PATIENCE);
  }

  @Test
  void theNextIngestGoesOnWhereTheLastOneEnded() throws Exception {
    send(0, 1, "tea");
    started(ingest(flow(writer()))).close().block(PATIENCE);
    run("DELETE FROM orders");
    send(0, 2, "milk");
    KafkaIngest first = started(ingest(flow(writer())));
    await(() -> committed(0), 2L);
    first.close().block(PATIENCE);
    run("DELETE FROM orders");
    send(0, 3, "salt");
    started(ingest(flow(writer())));

    await(() -> committed(0), 3L);
    assertThat(count("SELECT MIN(id) FROM orders")).isEqualTo(3);
  }

  @Test
  void metersTellWhatIsNotStoredYet() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    send(0, 1, "tea");
    send(0, 2, TOO_LONG);
    KafkaIngest ingest = started(ingest(flow(writer())).deadLetter(this::keep));
    KafkaIngestMetrics metrics = KafkaIngestMetrics.of(ingest);
    metrics.bindTo(registry);

    await(() -> committed(0), 2L);
    await(
        () -> registry.get("batchflow.kafka.partitions").tag("group", group).gauge().value(), 1.0);
    await(() -> registry.get("batchflow.kafka.lag").gauge().value(), 0.0);
    assertThat(registry.get("batchflow.kafka.in.flight").gauge().value()).isZero();
    assertThat(registry.get("batchflow.kafka.dead.letters").functionCounter().count()).isOne();
    assertThat(registry.get("batchflow.kafka.commit.age").timeGauge().value(TimeUnit.SECONDS))
        .isBetween(0.0, 60.0);
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void anIngestEndsIfItsFlowIsClosed() throws Exception {
    BatchFlow flow = flow(writer());
    KafkaIngest ingest = started(ingest(flow));
    flow.close().block(PATIENCE);

    assertThatThrownBy(() -> ingest.done().block(PATIENCE))
        .isInstanceOf(KafkaIngestException.class)
        .hasCauseInstanceOf(FlowClosedException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBatchKnowsTheTracesOfItsRecords(boolean withOffsets) throws Exception {
    run(StoredOffsets.TABLE);
    Queue<String> traces = new ConcurrentLinkedQueue<>();
    BatchWriter seen =
        writer()
            .decorate(
                (batch, write) -> {
                  batch
                      .contexts()
                      .forEach(
                          context ->
                              context.<String>getOrEmpty("traceparent").ifPresent(traces::add));
                  return write;
                });
    broker
        .producer
        .send(
            new ProducerRecord<>(
                topic,
                0,
                "1",
                "tea",
                List.of(new RecordHeader("traceparent", "00-a-b-01".getBytes(US_ASCII)))))
        .get();
    send(0, 2, "milk");
    KafkaIngest.Builder ingest = ingest(flow(seen));
    started(withOffsets ? ingest.offsetsIn("batchflow_offsets") : ingest);

    await(() -> committed(0), 2L);
    assertThat(traces).containsExactly("00-a-b-01");
  }
}
