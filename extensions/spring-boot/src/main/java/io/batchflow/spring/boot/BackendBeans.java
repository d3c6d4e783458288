package io.batchflow.spring.boot;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;

/** Finds the bean that knows the database of a flow. */
final class BackendBeans {

  private BackendBeans() {}

  static <T> T find(ListableBeanFactory beans, Class<T> type, String flow, @Nullable String name) {
    try {
      return name == null ? beans.getBean(type) : beans.getBean(name, type);
    } catch (NoUniqueBeanDefinitionException several) {
      throw new FlowStartException(
          "There are several beans of type %s for the flow '%s': %s."
              .formatted(type.getSimpleName(), flow, namesOf(beans, type)),
          "Name one with 'batchflow.flows.%s.bean', or make one @Primary.".formatted(flow),
          several);
    } catch (NoSuchBeanDefinitionException missing) {
      throw new FlowStartException(
          "There is no bean %s of type %s for the flow '%s'."
              .formatted(name == null ? "" : "'" + name + "'", type.getSimpleName(), flow)
              .replace("  ", " "),
          name == null
              ? "Add its driver and properties, or set another 'batchflow.flows.%s.backend'."
                  .formatted(flow)
              : "The beans of that type are: " + namesOf(beans, type) + ".",
          missing);
    }
  }

  private static String namesOf(ListableBeanFactory beans, Class<?> type) {
    return String.join(", ", List.of(beans.getBeanNamesForType(type)));
  }
}
