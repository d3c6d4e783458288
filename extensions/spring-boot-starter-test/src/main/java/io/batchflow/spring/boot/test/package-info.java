/** Tests of Spring Boot applications with flows that write into memory. */
@NullMarked
package io.batchflow.spring.boot.test;

import org.jspecify.annotations.NullMarked;
