/** Self-tuning of the auto-configured flows. */
@NullMarked
package io.batchflow.spring.boot.tuning;

import org.jspecify.annotations.NullMarked;
