@NullMarked
package io.batchflow.examples.pipeline;

import org.jspecify.annotations.NullMarked;
