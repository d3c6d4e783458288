package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDependsOnDatabaseInitializationDetector;

/** Makes Flyway, Liquibase and schema.sql run before a flow looks at its tables. */
final class FlowDatabaseInitializationDetector
    extends AbstractBeansOfTypeDependsOnDatabaseInitializationDetector {

  @Override
  protected Set<Class<?>> getDependsOnDatabaseInitializationBeanTypes() {
    return Set.of(BatchFlow.class);
  }
}
