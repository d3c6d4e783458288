package io.batchflow.kafka;

import io.batchflow.BatchFlow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** What a builder was given so far. {@link IngestConfig} checks it. */
final class IngestOptions {

  final BatchFlow flow;
  final Map<String, Object> client;
  List<String> topics = List.of();
  @Nullable RecordMapping<?, ?> mapping;
  @Nullable Function<RejectedRecord, ? extends Publisher<Void>> keeper;
  @Nullable String offsetTable;
  int maxInFlight = 10_000;
  Duration drainTimeout = Duration.ofSeconds(30);
  Duration commitInterval = Duration.ofSeconds(1);

  IngestOptions(BatchFlow flow, Map<String, ?> client) {
    this.flow = flow;
    this.client = new HashMap<>(client);
  }
}
