package io.batchflow.annotation;

import io.batchflow.spi.ColumnCodec;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the column of a property, and how its values are stored. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.RECORD_COMPONENT})
public @interface Column {

  /**
   * The name of the column, exactly as the database has it. Defaults to the name of the property in
   * snake case: {@code orderId} is {@code order_id}.
   */
  String value() default "";

  /**
   * Whether null leaves the column {@linkplain io.batchflow.Row unset}: an insert uses the table's
   * default, an update keeps the table's value. Otherwise null is stored.
   */
  boolean unsetIfNull() default false;

  /** Whether {@link io.batchflow.ConflictStrategy#UPDATE} overwrites the column. */
  boolean updatable() default true;

  /**
   * What turns values into values of the column. The class needs a constructor without parameters.
   * Defaults to none.
   */
  @SuppressWarnings("rawtypes") // a class has no parameters
  Class<? extends ColumnCodec> codec() default ColumnCodec.class;
}
