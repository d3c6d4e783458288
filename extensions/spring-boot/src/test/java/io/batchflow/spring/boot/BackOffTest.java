package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.message.MessagePublisher;
import io.batchflow.r2dbc.outbox.OutboxRelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each bean of the auto-configurations is left out if the application has one of its own. The beans
 * are found in the classes of this module, so a new one is checked too.
 */
class BackOffTest {

  /** Several beans may have their types, so their names say which one is replaced. */
  private static final Set<String> BY_NAME =
      Set.of(
          "batchFlowLifecycle",
          "batchFlowJournalLifecycle",
          "batchFlowMediatorLifecycle",
          "batchFlowUsers",
          "batchFlowMediatorMetrics",
          "batchFlowTuningMeters",
          "batchFlowOutboxLifecycle",
          "batchFlowConnectionDrainLifecycle",
          "batchFlowHealthContributor");

  /** Only one store of a catalog is made. These have tests of their own. */
  private static final Set<String> OTHER_STORES = Set.of("Jdbc", "Redis");

  private final TestDatabase database = TestDatabase.create();
  private final ReactiveWebApplicationContextRunner runner =
      new ReactiveWebApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(autoConfigurations()))
          .withPropertyValues(
              "management.endpoints.web.exposure.include=batchflow,batchflowcatalog",
              "batchflow.catalog.create-tables=true",
              "batchflow.guard.roles.admin=*")
          .withBean(ConnectionFactory.class, database::connections)
          .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
          .withBean(ObservationRegistry.class, ObservationRegistry::create)
          .withBean(Tracer.class, () -> Tracer.NOOP)
          .withBean(JsonMapper.class, JsonMapper::new)
          .withBean(
              MessagePublisher.class, () -> MessagePublisher.each(message -> Mono.empty(), 1));

  @Test
  void theBeansAreFound() throws IOException {
    assertThat(beans()).hasSizeGreaterThan(15);
  }

  @ParameterizedTest
  @MethodSource("beans")
  void theBeanOfTheApplicationIsUsedInstead(Method bean) {
    with(bean)
        .run(
            full -> {
              assertThat(isMadeBy(bean, full)).isTrue();
              assertReplacedBy(full.getBean(bean.getName()), bean);
            });
  }

  private ReactiveWebApplicationContextRunner with(Method bean) {
    boolean r2dbc = isOfStore("R2dbc", bean);
    return runner.withPropertyValues("batchflow.catalog.store=" + (r2dbc ? "r2dbc" : "memory"));
  }

  private static boolean isOfStore(String store, Method bean) {
    return bean.getDeclaringClass().getName().endsWith(".CatalogStores$" + store);
  }

  @SuppressWarnings("unchecked")
  private void assertReplacedBy(Object own, Method bean) {
    String name = BY_NAME.contains(bean.getName()) ? bean.getName() : "own";
    boolean startsOnce = own instanceof OutboxRelay;
    (startsOnce ? with(bean).withBean("batchFlowOutboxLifecycle", Object.class) : with(bean))
        .withBean(name, (Class<Object>) bean.getReturnType(), () -> own)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(isMadeBy(bean, context)).isFalse();
              assertThat(context.getBean(name)).isSameAs(own);
            });
  }

  private static boolean isMadeBy(Method method, ConfigurableApplicationContext context) {
    String name = method.getName();
    return context.containsBean(name)
        && name.equals(
            context.getBeanFactory().getMergedBeanDefinition(name).getFactoryMethodName());
  }

  static Stream<Method> beans() throws IOException {
    Path classes = Path.of("target", "classes");
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .map(
              file ->
                  ClassUtils.convertResourcePathToClassName(classes.relativize(file).toString()))
          .filter(name -> name.startsWith("io.batchflow."))
          .map(name -> ClassUtils.resolveClassName(name.replace(".class", ""), null))
          .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
          .filter(method -> method.isAnnotationPresent(Bean.class))
          .filter(bean -> OTHER_STORES.stream().noneMatch(store -> isOfStore(store, bean)))
          .toList()
          .stream();
    }
  }

  private static Class<?>[] autoConfigurations() {
    return ImportCandidates.load(AutoConfiguration.class, null).getCandidates().stream()
        .filter(name -> name.startsWith("io.batchflow."))
        .map(name -> ClassUtils.resolveClassName(name, null))
        .toArray(Class<?>[]::new);
  }
}
