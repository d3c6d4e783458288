package io.batchflow.spring.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of code that submits rows, without a database and without the rest of the application. The
 * context has the flows of the properties, or else the flow {@code batchFlow}. Add the classes
 * under test with {@code @Import}. See {@link AutoConfigureBatchFlow} for what happens around each
 * test.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(BatchFlowTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(BatchFlowTypeExcludeFilter.class)
@AutoConfigureBatchFlow
@ImportAutoConfiguration
public @interface BatchFlowTest {

  /** Returns properties to add to the environment, as {@code key=value}. */
  String[] properties() default {};

  /** Returns whether to leave out the components of the application. True by default. */
  boolean useDefaultFilters() default true;

  /** Returns filters of components to add nevertheless. */
  Filter[] includeFilters() default {};

  /** Returns filters of components to leave out. */
  Filter[] excludeFilters() default {};

  /** Returns auto-configurations to leave out. */
  @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
  Class<?>[] excludeAutoConfiguration() default {};

  /** Returns whether to check the ledgers of all flows after each test. */
  @AliasFor(annotation = AutoConfigureBatchFlow.class, attribute = "assertLedger")
  boolean assertLedger() default true;
}
