package io.batchflow.kafka;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Reads the header of W3C Trace Context. */
final class TraceHeader {

  private static final String NAME = "traceparent";

  private TraceHeader() {}

  /** Returns the trace of the record, if it has one. */
  static Stream<ContextView> contexts(ConsumerRecord<?, ?> record) {
    Header trace = record.headers().lastHeader(NAME);
    return trace == null || trace.value() == null
        ? Stream.empty()
        : Stream.of(Context.of(NAME, new String(trace.value(), StandardCharsets.US_ASCII)));
  }
}
