package io.batchflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.unit.Unit;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Offsets in the database: plain inserts are stored exactly once. */
@Tag("server")
class StoredOffsetsTest extends KafkaFixture {

  private static final int PARTITIONS = 4;
  private static final String TOO_LONG = "much longer than the column";

  private final Queue<RejectedRecord> letters = new ConcurrentLinkedQueue<>();
  private final Random random = new Random(20261129);
  private long sent;

  StoredOffsetsTest() throws SQLException {}

  @BeforeEach
  void createTables() throws Exception {
    broker.createTopic(topic, PARTITIONS);
    run(StoredOffsets.TABLE);
  }

  private KafkaIngest.Builder exact(BatchFlow flow) {
    return plain(flow).offsetsIn("batchflow_offsets").deadLetter(this::keep);
  }

  private Mono<Void> keep(RejectedRecord rejected) {
    return Mono.fromRunnable(() -> letters.add(rejected));
  }

  /** Lets each batch take a while, so that members change in between. */
  private BatchWriter uneven() {
    return writer()
        .decorate((batch, write) -> Mono.delay(Duration.ofMillis(random.nextInt(20))).then(write));
  }

  private void sendMore(int records) {
    for (long end = sent + records; sent < end; sent++) {
      send((int) (sent % PARTITIONS), sent, "tea");
    }
    broker.flush();
  }

  private long stored(int partition) throws SQLException {
    return count(
        "SELECT COALESCE(MAX(next_offset), -1) FROM batchflow_offsets WHERE consumer_group = '"
            + group
            + "' AND partition_no = "
            + partition);
  }

  private long storedInAll() throws SQLException {
    return count("SELECT COALESCE(SUM(next_offset), 0) FROM batchflow_offsets");
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void membersThatComeAndGoStoreEachRecordOnce(String protocol) throws Exception {
    consumer.put("group.protocol", protocol);
    consumer.put("max.poll.records", 50);
    sendMore(1_000);
    KafkaIngest first = started(exact(flow(uneven())));
    await(() -> rows() > 0, true);
    KafkaIngest second = started(exact(flow(uneven())));
    sendMore(1_000);
    first.close().block(PATIENCE);
    sendMore(1_000);

    await(this::rows, sent);
    await(this::storedInAll, sent);
    second.close().block(PATIENCE);
    first.done().block(PATIENCE);
    second.done().block(PATIENCE);
    assertThat(letters).isEmpty();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      assertThat(committed(partition)).isEqualTo(sent / PARTITIONS);
    }
  }

  @Test
  void theTableDecidesWhereTheNextIngestReads() throws Exception {
    sendMore(400);
    started(exact(flow(writer()))).close().block(PATIENCE);
    started(exact(flow(writer())));
    await(this::rows, sent);
    closeIngests();
    broker
        .admin
        .deleteConsumerGroupOffsets(
            group, Set.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1)))
        .all()
        .get();
    sendMore(400);
    started(exact(flow(writer())));

    await(this::rows, sent);
    await(this::storedInAll, sent);
    assertThat(letters).isEmpty();
  }

  @Test
  void anOffsetIsNeverStoredWithoutTheRowsBeforeIt() throws Exception {
    sendMore(4_000);
    consumer.put("max.poll.records", 20);
    started(exact(flow(uneven())));
    int seen = 0;

    while (storedInAll() < sent) {
      assertThat(
              count(
                  "SELECT COALESCE(SUM(next_offset), 0) - (SELECT COUNT(*) FROM orders)"
                      + " FROM batchflow_offsets WHERE next_offset > 0"))
          .isZero();
      seen++;
    }
    assertThat(rows()).isEqualTo(sent);
    assertThat(seen).isPositive();
  }

  @Test
  void rejectedRecordsBecomeLettersAndCostNoOther() throws Exception {
    for (int id = 0; id < 500; id++) {
      send(0, id, id % 50 == 7 ? TOO_LONG : "tea");
    }
    broker.send(topic, 0, "no number", "tea");
    started(exact(flow(writer())));

    await(() -> stored(0), 501L);
    assertThat(rows()).isEqualTo(490);
    assertThat(letters.stream().map(letter -> letter.record().offset()).toList())
        .containsExactly(7L, 57L, 107L, 157L, 207L, 257L, 307L, 357L, 407L, 457L, 500L);
    await(() -> committed(0), 501L);
  }

  @Test
  void recordsThatNeedNoRowPass() throws Exception {
    send(0, 1, "skipped");
    send(0, 2, "tea");
    send(0, 3, "skipped");
    started(ingest(flow(writer())).offsetsIn("batchflow_offsets"));

    await(() -> stored(0), 3L);
    await(() -> committed(0), 3L);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void severalRowsOfARecordAreStoredWithItsOffset() throws Exception {
    send(0, 1, "tea");
    started(
        exact(flow(writer()))
            .mapper(
                new StringDeserializer(),
                new StringDeserializer(),
                order ->
                    Unit.of(
                        List.of(
                            PLAIN.row().set("id", 1L).set("item", order.value()),
                            PLAIN.row().set("id", 2L).set("item", order.value())))));

    await(() -> stored(0), 1L);
    assertThat(rows()).isEqualTo(2);
  }

  /** Another member has claimed the partition while a batch of this one was under way. */
  @Test
  void aBatchOfAnOlderClaimStoresNothing() throws Exception {
    Sinks.Empty<Void> gate = Sinks.empty();
    AtomicInteger batches = new AtomicInteger();
    BatchWriter held =
        writer()
            .decorate(
                (batch, write) ->
                    batch.schema().equals(Unit.SCHEMA) && batches.incrementAndGet() == 1
                        ? gate.asMono().then(write)
                        : write);
    for (int id = 0; id < 100; id++) {
      send(0, id, "tea");
    }
    KafkaIngest ingest = started(exact(flow(held)));
    await(() -> batches.get() > 0 && ingest.stats().inFlight() > 0, true);
    run("UPDATE batchflow_offsets SET claim = 4711, next_offset = 60 WHERE partition_no = 0");
    gate.tryEmitEmpty();

    await(() -> stored(0), 100L);
    assertThat(count("SELECT MIN(id) FROM orders")).isEqualTo(60);
    assertThat(rows()).isEqualTo(40);
    assertThat(count("SELECT COUNT(*) FROM batchflow_offsets WHERE claim = 4711")).isZero();
    assertThat(letters).isEmpty();
  }

  /** The database knows whether a batch was stored whose answer was lost. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUnknownOutcomeIsLookedUp(boolean isStored) throws Exception {
    AtomicBoolean lost = new AtomicBoolean();
    BatchWriter losing =
        writer()
            .decorate(
                (batch, write) -> {
                  if (!batch.schema().equals(Unit.SCHEMA) || lost.getAndSet(true)) {
                    return write;
                  }
                  return (isStored ? write.then() : Mono.<Void>empty())
                      .then(Mono.error(new IllegalStateException("the answer was lost")));
                });
    BatchFlow flow =
        BatchFlow.builder(losing)
            .defaultPolicy(BatchPolicy.defaults())
            .failureClassifier(
                failure ->
                    failure instanceof IllegalStateException
                        ? FailureKind.UNKNOWN
                        : losing.failureClassifier().classify(failure))
            .build();
    sendMore(400);
    started(exact(own(flow)));

    await(this::rows, sent);
    await(this::storedInAll, sent);
    assertThat(lost).isTrue();
    assertThat(letters).isEmpty();
  }

  @Test
  void aMissingTableEndsTheIngest() throws Exception {
    run("DROP TABLE batchflow_offsets");
    KafkaIngest ingest = started(exact(flow(writer())));

    assertThatThrownBy(() -> ingest.done().block(PATIENCE))
        .isInstanceOf(KafkaIngestException.class)
        .hasMessageContaining("cannot be claimed")
        .hasMessageContaining("batchflow_offsets");
  }
}
