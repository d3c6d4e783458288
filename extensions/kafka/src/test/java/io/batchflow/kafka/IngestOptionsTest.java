package io.batchflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngestOptionsTest {

  private final BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).build();
  private final Map<String, Object> consumer =
      new HashMap<>(Map.of("bootstrap.servers", "localhost:1", "group.id", "g"));

  @AfterEach
  void close() {
    flow.close().block();
  }

  private KafkaIngest.Builder valid() {
    return KafkaIngest.builder(flow, consumer)
        .topics("t")
        .mapper(new StringDeserializer(), new StringDeserializer(), record -> null);
  }

  private void assertRefused(String option, String message, Consumer<KafkaIngest.Builder> change) {
    KafkaIngest.Builder builder = valid();
    change.accept(builder);
    assertThatThrownBy(builder::build)
        .asInstanceOf(type(InvalidConfigurationException.class))
        .satisfies(refused -> assertThat(refused.option()).isEqualTo(option))
        .satisfies(refused -> assertThat(refused).hasMessageContaining(message));
  }

  private void assertConsumerRefused(String option, Object value, String message) {
    consumer.put(option, value);
    assertRefused(option, message, builder -> {});
    consumer.remove(option);
  }

  @Test
  void optionsOutOfBoundsAreRefused() {
    assertRefused("topics", "Name at least one topic", builder -> builder.topics());
    assertRefused("maxInFlight", "from 1 to 1000000", builder -> builder.maxInFlight(0));
    assertRefused("maxInFlight", "from 1 to 1000000", builder -> builder.maxInFlight(1_000_001));
    assertRefused(
        "drainTimeout", "longer than zero", builder -> builder.drainTimeout(Duration.ZERO));
    assertRefused(
        "commitInterval",
        "at most a day",
        builder -> builder.commitInterval(Duration.ofDays(1).plusNanos(1)));
  }

  @Test
  void aDrainMustEndBeforeTheGroupRemovesTheMember() {
    assertRefused(
        "drainTimeout",
        "is not shorter than max.poll.interval.ms (300000)",
        builder -> builder.drainTimeout(Duration.ofMinutes(5)));
    consumer.put("max.poll.interval.ms", "400000");

    assertThat(valid().drainTimeout(Duration.ofMinutes(5)).build()).isNotNull();
  }

  @Test
  void optionsOfTheConsumerThatWouldLoseRecordsAreRefused() {
    assertConsumerRefused("enable.auto.commit", true, "Leave it out");
    assertConsumerRefused("enable.auto.commit", "true", "Leave it out");
    assertConsumerRefused("key.deserializer", StringDeserializer.class, "Pass it to mapper");
    assertConsumerRefused("value.deserializer", StringDeserializer.class, "Pass it to mapper");
    assertConsumerRefused("group.id", " ", "Offsets are stored for a group");
  }

  @Test
  void optionsThatKafkaRefusesAreRefused() {
    consumer.put("max.poll.records", "none");

    assertThatThrownBy(() -> valid().build()).isInstanceOf(ConfigException.class);
  }

  @Test
  void anIngestNeedsAMapper() {
    assertThatThrownBy(() -> KafkaIngest.builder(flow, consumer).topics("t").build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("Give a function that turns a record into a row");
  }

  @Test
  void anIngestStartsOnce() {
    KafkaIngest ingest = valid().build();
    ingest.close().block();
    ingest.done().block();

    assertThatThrownBy(ingest::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Build another one");
  }

  @Test
  void defaultsOfTheConsumerLoseNothing() {
    IngestOptions options = new IngestOptions(flow, consumer);
    options.topics = List.of("t");
    options.mapping =
        new RecordMapping<>(new StringDeserializer(), new StringDeserializer(), record -> null);

    assertThat(new IngestConfig(options).client)
        .containsEntry("auto.offset.reset", "earliest")
        .containsEntry("enable.auto.commit", false)
        .containsEntry("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
  }
}
