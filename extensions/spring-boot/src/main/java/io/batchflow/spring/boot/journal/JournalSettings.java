package io.batchflow.spring.boot.journal;

import io.batchflow.spring.boot.BatchFlowProperties;
import io.batchflow.spring.boot.FlowProperties;
import io.batchflow.spring.boot.JournalProperties;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The options of the journal of one flow, which override those of all flows one by one. */
record JournalSettings(
    @Nullable Path directory, @Nullable Integer maxRows, @Nullable Boolean atLeastOnce) {

  static JournalSettings of(String flow, BatchFlowProperties properties) {
    JournalProperties all = properties.defaults().journal();
    FlowProperties named = properties.flows().get(flow);
    JournalProperties own = named == null ? all : named.journal();
    return new JournalSettings(
        first(own, all, JournalProperties::directory),
        first(own, all, JournalProperties::maxRows),
        first(own, all, JournalProperties::atLeastOnce));
  }

  private static <T> @Nullable T first(
      JournalProperties own,
      JournalProperties all,
      Function<JournalProperties, @Nullable T> option) {
    T value = option.apply(own);
    return value == null ? option.apply(all) : value;
  }
}
