package io.batchflow.spring.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Makes the auto-configured flows of a test write into memory: into the bean {@link
 * io.batchflow.test.RecordingWriter}, which all of them share. The writer is reset before each
 * test. After each test that passes, {@link io.batchflow.test.LedgerAssertions} checks that every
 * row has its outcome. For a whole application, as in {@code @SpringBootTest}; {@link
 * BatchFlowTest} has it already.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureBatchFlow {

  /**
   * Returns whether to check the ledgers of all flows after each test. They are flushed before, and
   * the test fails if rows have no outcome after five seconds.
   */
  boolean assertLedger() default true;
}
