package io.batchflow.spring.boot.aot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

import io.batchflow.deadletter.DeadLetterFile;
import io.batchflow.spring.boot.BatchFlowProperties;
import io.batchflow.spring.boot.web.BatchFlowWebProperties;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.core.io.support.SpringFactoriesLoader;

class RuntimeHintsTest {

  private final RuntimeHints hints = new RuntimeHints();

  RuntimeHintsTest() {
    SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
        .load(RuntimeHintsRegistrar.class)
        .stream()
        .filter(registrar -> registrar.getClass().getName().startsWith("io.batchflow."))
        .forEach(registrar -> registrar.registerHints(hints, getClass().getClassLoader()));
  }

  @Test
  void theNamesAndValuesOfAllPropertiesCanBeRead() {
    List<Class<?>> all = records(BatchFlowProperties.class);
    all.addAll(records(BatchFlowWebProperties.class));
    assertThat(all)
        .hasSizeGreaterThan(5)
        .allSatisfy(
            type -> {
              assertThat(reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
                  .accepts(hints);
              for (RecordComponent component : type.getRecordComponents()) {
                assertThat(reflection().onMethodInvocation(component.getAccessor())).accepts(hints);
              }
            });
  }

  @Test
  void aLibraryThatIsLookedForByNameIsFound() {
    assertThat(reflection().onType(DeadLetterFile.class)).accepts(hints);
  }

  /** Returns a record of properties, with those below it. */
  private static List<Class<?>> records(Class<?> type) {
    List<Class<?>> all = new ArrayList<>(List.of(type));
    for (RecordComponent component : type.getRecordComponents()) {
      Class<?> value =
          component.getGenericType() instanceof ParameterizedType map
                  && map.getActualTypeArguments().length == 2
              ? (Class<?>) map.getActualTypeArguments()[1]
              : component.getType();
      if (value.isRecord()) {
        all.addAll(records(value));
      }
    }
    return all;
  }
}
