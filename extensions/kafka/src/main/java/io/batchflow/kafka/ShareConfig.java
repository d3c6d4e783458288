package io.batchflow.kafka;

import io.batchflow.BatchFlow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** The checked options of a member of a share group. Immutable. */
final class ShareConfig {

  final BatchFlow flow;
  final String group;
  final Map<String, Object> client;
  final List<String> topics;
  final RecordMapping<?, ?> mapping;
  final @Nullable Function<RejectedRecord, ? extends Publisher<Void>> keeper;
  final Duration drainTimeout;

  ShareConfig(IngestOptions options) {
    flow = options.flow;
    group = IngestConfig.text(options.client, ConsumerConfig.GROUP_ID_CONFIG);
    topics = IngestConfig.topics(options);
    mapping = IngestConfig.mapping(options);
    keeper = options.keeper;
    drainTimeout = IngestConfig.positive("drainTimeout", options.drainTimeout);
    IngestConfig.refuse(options.client, ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
    IngestConfig.refuse(options.client, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
    if (group.isBlank()) {
      throw IngestConfig.invalid(
          ConsumerConfig.GROUP_ID_CONFIG,
          "is missing",
          "Records are shared by the members of a group");
    }
    Map<String, Object> completed = new HashMap<>(options.client);
    completed.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    client = Map.copyOf(completed);
  }
}
