package io.batchflow.spring.boot.aot;

import io.batchflow.annotation.Table;
import io.batchflow.spi.ColumnCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.core.type.filter.TypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Registers the classes with {@link Table} in the packages of the application, and its codecs,
 * since {@code flow.table(Class)} reads and creates them by reflection.
 */
final class MappedClassesAotProcessor implements BeanFactoryInitializationAotProcessor {

  @Override
  public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
      ConfigurableListableBeanFactory beans) {
    if (!AutoConfigurationPackages.has(beans)) {
      return null;
    }
    List<? extends Class<?>> mapped = classes(beans, new AnnotationTypeFilter(Table.class));
    List<? extends Class<?>> codecs = classes(beans, new AssignableTypeFilter(ColumnCodec.class));
    return (generation, code) -> {
      ReflectionHints hints = generation.getRuntimeHints().reflection();
      new BindingReflectionHintsRegistrar()
          .registerReflectionHints(hints, mapped.toArray(Class<?>[]::new));
      codecs.forEach(
          codec -> hints.registerType(codec, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS));
    };
  }

  private static List<? extends Class<?>> classes(
      ConfigurableListableBeanFactory beans, TypeFilter filter) {
    ClassPathScanningCandidateComponentProvider scanner =
        new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(filter);
    return AutoConfigurationPackages.get(beans).stream()
        .flatMap(name -> scanner.findCandidateComponents(name).stream())
        .map(
            found ->
                ClassUtils.resolveClassName(
                    String.valueOf(found.getBeanClassName()), beans.getBeanClassLoader()))
        .distinct()
        .toList();
  }
}
