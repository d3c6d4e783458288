package io.batchflow.spring.boot.journal;

import io.batchflow.journal.JournaledFlow;
import io.batchflow.spring.boot.BatchFlowProperties;
import java.util.Set;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Registers a bean for the journal of each flow that has a directory in the properties. */
final class Journals implements BeanRegistrar {

  private static final String ONLY_FLOW = "batchFlow";
  private static final String SUFFIX = "Journal";

  @Override
  public void register(BeanRegistry registry, Environment environment) {
    BatchFlowProperties properties =
        Binder.get(environment).bindOrCreate("batchflow", BatchFlowProperties.class);
    Set<String> named = properties.flows().keySet();
    for (String flow : named.isEmpty() ? Set.of(ONLY_FLOW) : named) {
      if (JournalSettings.of(flow, properties).directory() != null) {
        registry.registerBean(
            flow + SUFFIX,
            JournaledFlow.class,
            bean -> bean.supplier(context -> context.bean(JournalFactory.class).open(flow)));
      }
    }
  }

  /** Returns the flow of the journal with this name of a bean. */
  static String flowOf(String bean) {
    return bean.endsWith(SUFFIX) ? bean.substring(0, bean.length() - SUFFIX.length()) : bean;
  }
}
