package io.batchflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.RowRejectedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Each record of a share group, on a real broker. A repeated record would be rejected. */
@Tag("server")
class KafkaShareIngestTest extends KafkaFixture {

  private static final String TOO_LONG = "much longer than the column";

  private final Queue<RejectedRecord> letters = new ConcurrentLinkedQueue<>();
  private final List<KafkaShareIngest> members = new ArrayList<>();

  KafkaShareIngestTest() throws SQLException {}

  @BeforeEach
  void createTopic() throws Exception {
    broker.createTopic(topic, 1);
    AlterConfigOp earliest =
        new AlterConfigOp(
            new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
    broker
        .admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), List.of(earliest)))
        .all()
        .get();
  }

  @AfterEach
  void closeMembers() {
    members.forEach(member -> member.close().block(PATIENCE));
  }

  private KafkaShareIngest.Builder member() {
    return KafkaShareIngest.builder(flow(writer()), consumer)
        .topics(topic)
        .mapper(
            new StringDeserializer(),
            new StringDeserializer(),
            order -> PLAIN.row().set("id", Long.parseLong(order.key())).set("item", order.value()));
  }

  private KafkaShareIngest started(KafkaShareIngest.Builder builder) {
    KafkaShareIngest member = builder.build();
    members.add(member);
    member.start();
    return member;
  }

  private Mono<Void> keep(RejectedRecord rejected) {
    return Mono.fromRunnable(() -> letters.add(rejected));
  }

  @Test
  void moreMembersThanPartitionsStoreEachRecord() throws Exception {
    for (int id = 0; id < 1_000; id++) {
      send(0, id, id % 100 == 7 ? TOO_LONG : "tea");
    }
    KafkaShareIngest first = started(member().deadLetter(this::keep));
    KafkaShareIngest second = started(member().deadLetter(this::keep));
    await(this::rows, 990L);
    closeMembers();
    assertThat(first.stats().accepted() + second.stats().accepted()).isEqualTo(990);
    assertThat(first.stats().inFlight()).isZero();

    send(0, 1_000, "milk");
    started(member().deadLetter(this::keep));
    await(this::rows, 991L);
    await(letters::size, 10);
    assertThat(letters)
        .hasSize(10)
        .allSatisfy(letter -> assertThat(letter.reason()).isInstanceOf(RowRejectedException.class))
        .allSatisfy(letter -> assertThat(letter.record().value()).asString().isEqualTo(TOO_LONG));
  }

  @Test
  void aRecordThatIsNotKeptIsDeliveredAgain() throws Exception {
    send(0, 1, "tea");
    send(0, 2, TOO_LONG);
    KafkaShareIngest first = started(member());

    assertThatThrownBy(() -> first.done().block(PATIENCE))
        .isInstanceOf(KafkaIngestException.class)
        .hasMessageContaining("offset=1");
    started(member().deadLetter(this::keep));
    await(letters::size, 1);
    // More than once: a member that ends may have got it again.
    assertThat(letters.element().record().deliveryCount())
        .hasValueSatisfying(count -> assertThat(count).isGreaterThan((short) 1));
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void metersTellHowRecordsWereAcknowledged() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    send(0, 1, "tea");
    send(0, 2, TOO_LONG);
    KafkaShareIngest member = started(member().deadLetter(this::keep));
    KafkaIngestMetrics metrics = KafkaIngestMetrics.of(member);
    metrics.bindTo(registry);

    await(() -> acknowledged(registry, "accept"), 1.0);
    await(() -> acknowledged(registry, "reject"), 1.0);
    assertThat(acknowledged(registry, "release")).isZero();
    assertThat(registry.get("batchflow.kafka.in.flight").tag("group", group).gauge().value())
        .isZero();
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private double acknowledged(SimpleMeterRegistry registry, String type) {
    return registry
        .get("batchflow.kafka.acknowledged")
        .tag("group", group)
        .tag("type", type)
        .functionCounter()
        .count();
  }

  @Test
  void wrongOptionsAreRefused() {
    Map<String, Object> withoutGroup = new HashMap<>(consumer);
    withoutGroup.remove("group.id");

    assertThatThrownBy(
            () ->
                KafkaShareIngest.builder(flow(writer()), withoutGroup)
                    .topics(topic)
                    .mapper(new StringDeserializer(), new StringDeserializer(), KafkaFixture::order)
                    .build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("group.id");
  }
}
