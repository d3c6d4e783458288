/** A service on the Spring Boot starter, with the same endpoint by the flow and without it. */
@NullMarked
package io.batchflow.benchmarks.service;

import org.jspecify.annotations.NullMarked;
