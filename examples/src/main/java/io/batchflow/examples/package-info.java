/** Programs to run and to copy from. {@link io.batchflow.examples.Load} is the main job. */
@NullMarked
package io.batchflow.examples;

import org.jspecify.annotations.NullMarked;
