package io.batchflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Members that come and go, brokers that restart, and databases that are slow or stand still. */
@Tag("server")
class RebalanceTest extends KafkaFixture {

  private static final int PARTITIONS = 4;

  private final Random random = new Random(20261128);
  private long sent;

  RebalanceTest() throws SQLException {}

  @BeforeEach
  void createTopic() throws Exception {
    broker.createTopic(topic, PARTITIONS);
  }

  /** Batches that take different times. */
  private BatchWriter uneven() {
    return writer()
        .decorate((batch, write) -> Mono.delay(Duration.ofMillis(random.nextInt(20))).then(write));
  }

  private BatchFlow smallBatches(BatchWriter writer) {
    return flow(writer, BatchPolicy.builder().maxSize(20).build());
  }

  private void sendMore(int records) {
    for (long end = sent + records; sent < end; sent++) {
      send((int) (sent % PARTITIONS), sent, "tea");
    }
    broker.flush();
  }

  private List<MemberDescription> members() throws Exception {
    return List.copyOf(
        broker.admin.describeConsumerGroups(List.of(group)).all().get().get(group).members());
  }

  /** The number of members that have partitions. */
  private long working() throws Exception {
    return members().stream()
        .filter(member -> !member.assignment().topicPartitions().isEmpty())
        .count();
  }

  private long committedInAll() throws Exception {
    return broker.committed(group).values().stream().mapToLong(Long::longValue).sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void membersThatComeAndGoLoseAndDoubleNothing(String protocol) throws Exception {
    sendMore(1_000);
    consumer.put("group.protocol", protocol);
    KafkaIngest first = started(plain(smallBatches(uneven())));
    await(() -> rows() > 0, true);
    KafkaIngest second = started(plain(smallBatches(uneven())));
    sendMore(1_000);
    await(this::working, 2L);
    sendMore(1_000);
    first.close().block(PATIENCE);
    sendMore(1_000);

    await(this::rows, sent);
    await(this::committedInAll, sent);
    second.close().block(PATIENCE);
    first.done().block(PATIENCE);
    second.done().block(PATIENCE);
  }

  @Test
  void noCommitIsAheadOfTheTable() throws Exception {
    sendMore(4_000);
    started(plain(smallBatches(uneven())).commitInterval(Duration.ofMillis(1)));
    int seen = 0;

    while (committedInAll() < sent) {
      for (Map.Entry<TopicPartition, Long> next : broker.committed(group).entrySet()) {
        int partition = next.getKey().partition();
        assertThat(
                count(
                    "SELECT COUNT(*) FROM orders WHERE MOD(id, 4) = "
                        + partition
                        + " AND id / 4 < "
                        + next.getValue()))
            .as("partition %s, %s rows in all", partition, rows())
            .isEqualTo(next.getValue());
        seen++;
      }
    }
    assertThat(rows()).isEqualTo(sent);
    assertThat(seen).isPositive();
  }

  @Test
  void aStalledDatabaseKeepsTheMemberInItsGroupAndItsMemoryBounded() throws Exception {
    Duration interval = Duration.ofMillis(1_500);
    consumer.put("max.poll.interval.ms", (int) interval.toMillis());
    Sinks.Empty<Void> gate = Sinks.empty();
    sendMore(6_000);
    KafkaIngest ingest =
        started(
            plain(flow(writer().decorate((batch, write) -> gate.asMono().then(write))))
                .maxInFlight(1_000)
                .drainTimeout(Duration.ofSeconds(1)));
    await(() -> ingest.stats().inFlight() >= 1_000, true);
    List<String> before = members().stream().map(MemberDescription::consumerId).toList();

    Mono.delay(interval.multipliedBy(2)).block();

    assertThat(members().stream().map(MemberDescription::consumerId).toList()).isEqualTo(before);
    assertThat(ingest.stats().inFlight()).isBetween(1_000, 1_500);
    assertThat(committedInAll()).isZero();
    gate.tryEmitEmpty();
    await(this::rows, sent);
    await(this::committedInAll, sent);
  }

  @Test
  void aPartitionThatDoesNotDrainIsReadAgainByTheNextMember() throws Exception {
    AtomicBoolean stuck = new AtomicBoolean(true);
    sendMore(100);
    KafkaIngest first =
        started(
            ingest(flow(writer().decorate((batch, write) -> stuck.get() ? Mono.never() : write)))
                .drainTimeout(Duration.ofMillis(100)));
    await(() -> first.stats().inFlight() == 100, true);

    first.close().block(PATIENCE);
    assertThat(committedInAll()).isZero();
    stuck.set(false);
    started(ingest(flow(writer())));

    await(this::rows, sent);
    await(this::committedInAll, sent);
  }

  @Test
  void abortedRecordsAndMarkersDoNotHoldTheCommit() throws Exception {
    broker.sendInTransaction(topic, 0, "1", "tea", false);
    broker.sendInTransaction(topic, 0, "2", "tea", true);
    consumer.put("isolation.level", "read_committed");
    started(ingest(flow(writer())));

    await(() -> committed(0), 4L);
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void aBrokerThatRestartsLosesNothing() throws Exception {
    sendMore(500);
    KafkaIngest ingest = started(ingest(smallBatches(uneven())));
    await(() -> rows() > 0, true);
    broker.restart();
    sendMore(500);

    await(this::rows, sent);
    await(this::committedInAll, sent);
    ingest.close().block(PATIENCE);
    ingest.done().block(PATIENCE);
  }
}
