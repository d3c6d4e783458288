package io.batchflow.micrometer;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.util.context.ContextView;

/** The header of W3C Trace Context, by which a message names the span that sent it. */
final class TraceParent {

  /** The name of the header, and the key in a Context. */
  static final String KEY = "traceparent";

  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  private TraceParent() {}

  /** Returns the span that a Context names; empty if it names none, or one that is not sampled. */
  static Optional<TraceContext> read(ContextView caller, Tracer tracer) {
    Object given = caller.getOrDefault(KEY, null);
    Matcher header = FORM.matcher(given instanceof String text ? text : "");
    boolean sampled = header.matches() && (Integer.parseInt(header.group(3), 16) & 1) == 1;
    return sampled
        ? Optional.of(
            tracer
                .traceContextBuilder()
                .traceId(header.group(1))
                .spanId(header.group(2))
                .sampled(true)
                .build())
        : Optional.empty();
  }
}
