package io.batchflow.spring.boot.journal;

import io.batchflow.spring.boot.BatchFlowProperties;
import io.batchflow.spring.boot.FlowProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The options of the journal of one flow, which override those of all flows one by one. */
record JournalSettings(
    @Nullable Path directory,
    @Nullable Integer maxRows,
    @Nullable Boolean atLeastOnce,
    @Nullable Duration closeTimeout) {

  static JournalSettings of(String flow, BatchFlowProperties properties) {
    FlowProperties all = properties.defaults();
    FlowProperties own = properties.flows().getOrDefault(flow, all);
    return new JournalSettings(
        first(own, all, each -> each.journal().directory()),
        first(own, all, each -> each.journal().maxRows()),
        first(own, all, each -> each.journal().atLeastOnce()),
        first(own, all, FlowProperties::closeTimeout));
  }

  private static <T> @Nullable T first(
      FlowProperties own, FlowProperties all, Function<FlowProperties, @Nullable T> option) {
    T value = option.apply(own);
    return value == null ? option.apply(all) : value;
  }
}
