package io.batchflow.spring.boot;

import io.batchflow.spring.boot.web.BatchFlowWebProperties;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Refuses properties that nobody reads. Environment variables and system properties are let
 * through, as Spring Boot does.
 */
final class UnknownProperties {

  private static final ConfigurationPropertyName PREFIX =
      ConfigurationPropertyName.of(BatchFlowProperties.PREFIX);

  /** Modules that may be absent, or turned off. */
  private static final Set<String> OPTIONAL = Set.of("console");

  /** Those of batchflow-spring-data, which does without Spring Boot, so it declares none. */
  private record SpringDataProperties(boolean batchedSaveAll) {}

  private UnknownProperties() {}

  static void check(ConfigurableEnvironment environment, ListableBeanFactory beans) {
    Map<String, Class<? extends Record>> modules = modules(beans);
    PropertyNames names = PropertyNames.of(BatchFlowProperties.class);
    modules.forEach(names::and);
    Set<String> absent = new HashSet<>(OPTIONAL);
    absent.removeAll(modules.keySet());
    UnboundElementsSourceFilter counted = new UnboundElementsSourceFilter();
    for (ConfigurationPropertySource source :
        ConfigurationPropertySources.from(environment.getPropertySources())) {
      if (source instanceof IterableConfigurationPropertySource properties
          && counted.apply(source)) {
        properties.stream()
            .filter(PREFIX::isAncestorOf)
            .filter(name -> !absent.contains(name.getElement(1, Form.DASHED)))
            .filter(name -> !names.contains(elements(name)))
            .findFirst()
            .ifPresent(name -> refuse(name, source.getConfigurationProperty(name), names));
      }
    }
  }

  /** Returns the properties of the modules, by their name below the prefix. */
  private static Map<String, Class<? extends Record>> modules(ListableBeanFactory beans) {
    Map<String, Class<? extends Record>> modules = new HashMap<>();
    modules.put("web", BatchFlowWebProperties.class); // known also without WebFlux
    modules.put("spring-data", SpringDataProperties.class);
    for (String bean : beans.getBeanNamesForType(Record.class, false, false)) {
      Class<?> type = Objects.requireNonNull(beans.getType(bean, false));
      ConfigurationProperties properties =
          AnnotatedElementUtils.getMergedAnnotation(type, ConfigurationProperties.class);
      String prefix = BatchFlowProperties.PREFIX + ".";
      if (properties != null && properties.prefix().startsWith(prefix)) {
        modules.put(properties.prefix().substring(prefix.length()), type.asSubclass(Record.class));
      }
    }
    return modules;
  }

  private static void refuse(
      ConfigurationPropertyName name,
      @Nullable ConfigurationProperty property,
      PropertyNames names) {
    String origin =
        property == null || property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
    PropertyNames.Suggestion nearest = names.nearest(elements(name));
    throw new FlowStartException(
        "There is no property '%s'%s.".formatted(name, origin),
        ("Did you mean '%s.%s', of type %s? If the name of a table has a dot, write it in brackets, such as"
                + " 'tables[sales.orders]'.")
            .formatted(BatchFlowProperties.PREFIX, nearest.name(), nearest.type()),
        null);
  }

  /** Returns the elements below the prefix, without the index of an element of a list. */
  private static List<String> elements(ConfigurationPropertyName name) {
    int end = name.getNumberOfElements();
    List<String> elements = new ArrayList<>();
    if (name.isNumericIndex(end - 1)) {
      end--;
    }
    for (int i = 1; i < end; i++) {
      elements.add(name.getElement(i, Form.ORIGINAL));
    }
    return elements;
  }
}
