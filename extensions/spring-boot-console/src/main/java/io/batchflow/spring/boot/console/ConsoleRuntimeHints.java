package io.batchflow.spring.boot.console;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** Registers the files of the page, the properties, and what is read and written as JSON. */
final class ConsoleRuntimeHints implements RuntimeHintsRegistrar {

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    ConsoleAssets.resources().forEach(file -> hints.resources().registerPattern(file));
    new BindingReflectionHintsRegistrar()
        .registerReflectionHints(
            hints.reflection(),
            ConsoleProperties.class,
            FlowSnapshot.class,
            ConsoleControl.Command.class);
  }
}
