/** Programs to run and to copy from. {@link io.batchflow.examples.Load} is the main one. */
@NullMarked
package io.batchflow.examples;

import org.jspecify.annotations.NullMarked;
