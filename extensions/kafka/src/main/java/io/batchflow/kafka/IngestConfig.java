package io.batchflow.kafka;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** The checked options of an ingest, with those that it adds to the consumer. Immutable. */
final class IngestConfig {

  private static final int MOST_IN_FLIGHT = 1_000_000;

  final BatchFlow flow;
  final String group;
  final Map<String, Object> client;
  final List<String> topics;
  final RecordMapping<?, ?> mapping;
  final @Nullable Function<RejectedRecord, ? extends Publisher<Void>> keeper;
  final @Nullable OffsetTable offsets;
  final int maxInFlight;
  final Duration drainTimeout;
  final Duration commitInterval;

  IngestConfig(IngestOptions options) {
    flow = options.flow;
    group = text(options.client, ConsumerConfig.GROUP_ID_CONFIG);
    topics = topics(options);
    mapping = mapping(options);
    keeper = options.keeper;
    offsets = offsets(options, group);
    maxInFlight = options.maxInFlight;
    drainTimeout = positive("drainTimeout", options.drainTimeout);
    commitInterval = positive("commitInterval", options.commitInterval);
    if (maxInFlight < 1 || maxInFlight > MOST_IN_FLIGHT) {
      throw invalid(
          "maxInFlight", "is " + maxInFlight, "Give a number from 1 to " + MOST_IN_FLIGHT);
    }
    checkClient(options.client);
    client = Map.copyOf(completed(options.client));
    checkDrain(new ConsumerConfig(client).getInt(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG));
  }

  static List<String> topics(IngestOptions options) {
    if (options.topics.isEmpty()) {
      throw invalid("topics", "is missing", "Name at least one topic");
    }
    return options.topics;
  }

  static RecordMapping<?, ?> mapping(IngestOptions options) {
    if (options.mapping == null) {
      throw invalid("mapper", "is missing", "Give a function that turns a record into a row");
    }
    return options.mapping;
  }

  private static @Nullable OffsetTable offsets(IngestOptions options, String group) {
    return options.offsetTable == null
        ? null
        : new OffsetTable(options.flow, group, options.offsetTable);
  }

  private static void checkClient(Map<String, Object> client) {
    refuse(client, ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
    refuse(client, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
    if (Boolean.parseBoolean(text(client, ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG))) {
      throw invalid(
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          "is true",
          "Leave it out: the ingest commits an offset when everything before it is stored");
    }
    if (text(client, ConsumerConfig.GROUP_ID_CONFIG).isBlank()) {
      throw invalid(ConsumerConfig.GROUP_ID_CONFIG, "is missing", "Offsets are stored for a group");
    }
  }

  static void refuse(Map<String, Object> client, String option) {
    if (client.containsKey(option)) {
      throw invalid(option, "cannot be set", "Pass it to mapper");
    }
  }

  private static Map<String, Object> completed(Map<String, Object> client) {
    Map<String, Object> completed = new HashMap<>(client);
    completed.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    completed.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    completed.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // The default of Kafka would skip what was sent before the first commit.
    completed.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    if (!text(client, ConsumerConfig.GROUP_PROTOCOL_CONFIG).equalsIgnoreCase("consumer")) {
      // The default would take all partitions from all members at each rebalance.
      completed.putIfAbsent(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    return completed;
  }

  /** The consumer does not poll while it drains, and must not be taken for dead. */
  private void checkDrain(int maxPollMillis) {
    if (drainTimeout.toMillis() >= maxPollMillis) {
      throw invalid(
          "drainTimeout",
          "(" + drainTimeout + ") is not shorter than max.poll.interval.ms (" + maxPollMillis + ")",
          "The group would remove this member while it drains: lower it, or raise the interval");
    }
  }

  static String text(Map<String, Object> client, String option) {
    Object value = client.get(option);
    return value == null ? "" : value.toString();
  }

  static Duration positive(String option, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw invalid(option, "is " + value, "Give a time longer than zero and at most a day");
    }
    return value;
  }

  static InvalidConfigurationException invalid(String option, String problem, String remedy) {
    return new InvalidConfigurationException(option, problem, remedy);
  }
}
