package io.batchflow.spring.boot.actuate;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** Registers the answers of the endpoint, whose methods have no such return types. */
final class EndpointRuntimeHints implements RuntimeHintsRegistrar {

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    new BindingReflectionHintsRegistrar()
        .registerReflectionHints(hints.reflection(), FlowDescriptor.class, PolicyDescriptor.class);
  }
}
