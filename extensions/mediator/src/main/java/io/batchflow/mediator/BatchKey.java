package io.batchflow.mediator;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the component of a record, or the method without parameters, that returns the key of a
 * request. The batch handler then gets lists of requests with equal keys, and the requests of a key
 * in their order, one list after the other. Keys take turns. A key must not be null.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface BatchKey {}
