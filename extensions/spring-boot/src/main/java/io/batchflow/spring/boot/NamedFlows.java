package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Registers a bean for each flow that has a name in the properties. */
final class NamedFlows implements BeanRegistrar {

  private static final Bindable<Map<String, FlowProperties>> FLOWS =
      Bindable.mapOf(String.class, FlowProperties.class);

  @Override
  public void register(BeanRegistry registry, Environment environment) {
    for (String flow : names(environment)) {
      registry.registerBean(
          flow,
          BatchFlow.class,
          bean -> bean.supplier(context -> context.bean(FlowFactory.class).create(flow)));
    }
  }

  private static Set<String> names(Environment environment) {
    return Binder.get(environment)
        .bind(BatchFlowProperties.PREFIX + ".flows", FLOWS)
        .map(Map::keySet)
        .orElse(Set.of());
  }

  /** Apart, since the registrar of a class runs after its bean methods, which look for flows. */
  @Configuration(proxyBeanMethods = false)
  @Import(NamedFlows.class)
  static final class Beans {}
}
