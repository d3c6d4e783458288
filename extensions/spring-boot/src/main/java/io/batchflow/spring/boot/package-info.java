/** The auto-configuration of a flow in a Spring Boot application. */
@NullMarked
package io.batchflow.spring.boot;

import org.jspecify.annotations.NullMarked;
