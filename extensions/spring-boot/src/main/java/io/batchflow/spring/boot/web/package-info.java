/** Answers of WebFlux controllers, and the storing of NDJSON bodies. */
@NullMarked
package io.batchflow.spring.boot.web;

import org.jspecify.annotations.NullMarked;
