/** The meters and observations of the auto-configured flow. */
@NullMarked
package io.batchflow.spring.boot.micrometer;

import org.jspecify.annotations.NullMarked;
