package io.batchflow.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a property whose own properties are columns of the same table: a nested record or bean. If
 * it is null, its columns are null.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.RECORD_COMPONENT})
public @interface Embedded {

  /** What the names of its columns start with, for example {@code "ship_"}. */
  String prefix() default "";
}
