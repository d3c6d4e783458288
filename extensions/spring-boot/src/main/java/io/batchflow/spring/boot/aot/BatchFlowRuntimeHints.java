package io.batchflow.spring.boot.aot;

import io.batchflow.spring.boot.BatchFlowProperties;
import io.batchflow.spring.boot.web.BatchFlowWebProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** Registers the properties, whose names are read by reflection, and classes looked up by name. */
final class BatchFlowRuntimeHints implements RuntimeHintsRegistrar {

  private static final List<String> LOOKED_UP =
      List.of(
          "io.batchflow.deadletter.DeadLetterFile",
          "io.batchflow.journal.JournaledFlow",
          "io.r2dbc.postgresql.api.PostgresqlConnection",
          "org.slf4j.spi.LoggingEventBuilder");

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    new BindingReflectionHintsRegistrar()
        .registerReflectionHints(
            hints.reflection(), BatchFlowProperties.class, BatchFlowWebProperties.class);
    LOOKED_UP.forEach(
        name -> hints.reflection().registerTypeIfPresent(classLoader, name, type -> {}));
  }
}
