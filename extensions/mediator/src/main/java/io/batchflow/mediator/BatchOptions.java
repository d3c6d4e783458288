package io.batchflow.mediator;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How requests of the annotated type are collected for their batch handler. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface BatchOptions {

  /** Returns the most requests in a list. */
  int maxBatchSize() default 100;

  /**
   * Returns the longest time in milliseconds that a request waits for others. A request waits only
   * while the handler is busy with others of its type and key.
   */
  int batchTimeout() default 100;

  /** Returns how many requests may be under way; more of them wait for room. */
  int maxQueueLength() default 10_000;

  /** Returns how many keys may have requests under way, if the type has a {@link BatchKey}. */
  int maxShards() default 2_048;
}
