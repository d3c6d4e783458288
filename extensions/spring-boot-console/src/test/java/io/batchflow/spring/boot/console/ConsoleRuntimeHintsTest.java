package io.batchflow.spring.boot.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import io.batchflow.spring.boot.actuate.ErrorKind;
import io.batchflow.stats.Ledger;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;

class ConsoleRuntimeHintsTest {

  private final RuntimeHints hints = new RuntimeHints();

  ConsoleRuntimeHintsTest() {
    new ConsoleRuntimeHints().registerHints(hints, getClass().getClassLoader());
  }

  @Test
  void eachFileOfThePageIsInTheImage() {
    assertThat(ConsoleAssets.resources())
        .allSatisfy(file -> assertThat(resource().forResource(file)).accepts(hints));
  }

  @Test
  void whatIsReadAndWrittenAsJsonCanBeReflected() throws NoSuchMethodException {
    assertThat(reflection().onType(ConsoleControl.Command.class)).accepts(hints);
    assertThat(reflection().onMethodInvocation(TableSnapshot.class, "failing")).accepts(hints);
    assertThat(reflection().onMethodInvocation(Ledger.class, "written")).accepts(hints);
    assertThat(reflection().onMethodInvocation(ErrorKind.class, "type")).accepts(hints);
  }
}
