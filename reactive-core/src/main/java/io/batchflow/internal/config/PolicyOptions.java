package io.batchflow.internal.config;

import io.batchflow.BatchPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The options of a policy by their names. */
public final class PolicyOptions {

  private PolicyOptions() {}

  /** Returns all options, in the order of the docs; null for an option that is not set. */
  public static Map<String, @Nullable Object> of(BatchPolicy policy) {
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    options.put("maxSize", policy.maxSize());
    options.put("maxBytes", policy.maxBytes());
    options.put("maxDelay", policy.maxDelay());
    options.put("lingerWhenIdle", policy.lingerWhenIdle());
    options.put("ordering", policy.ordering());
    options.put("concurrency", policy.concurrency());
    options.put("overflow", policy.overflow());
    options.put("deliveryTimeout", policy.deliveryTimeout());
    options.put("maxPausedRows", policy.maxPausedRows());
    options.put("share", policy.share());
    options.put("reserved", policy.reserved());
    options.put("rowVerdicts", policy.rowVerdicts());
    options.put("returning", policy.returning());
    return options;
  }

  /** Returns the options that differ, as text. */
  public static String changes(BatchPolicy before, BatchPolicy after) {
    Map<String, @Nullable Object> old = of(before);
    return of(after).entrySet().stream()
        .filter(option -> !Objects.equals(option.getValue(), old.get(option.getKey())))
        .map(
            option ->
                option.getKey() + ": " + old.get(option.getKey()) + " -> " + option.getValue())
        .collect(Collectors.joining(", "));
  }
}
