package io.batchflow.annotation;

import io.batchflow.ConflictStrategy;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the table of a class, and what happens on a conflict. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Table {

  /**
   * The name of the table. Dots separate qualifiers. Defaults to the simple name of the class in
   * snake case: {@code OrderLine} is {@code order_line}.
   */
  String value() default "";

  /** What happens to a row whose key exists already. Others than FAIL and IGNORE need a key. */
  ConflictStrategy onConflict() default ConflictStrategy.FAIL;
}
