package io.batchflow.spring.boot.actuate;

import io.batchflow.health.FlowHealth;
import io.batchflow.stats.Ledger;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** Registers the details of the health that are written as JSON. */
final class HealthRuntimeHints implements RuntimeHintsRegistrar {

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    new BindingReflectionHintsRegistrar()
        .registerReflectionHints(hints.reflection(), Ledger.class, FlowHealth.Reason.class);
  }
}
