/** Self-tuning of tables: see {@link io.batchflow.tuning.SelfTuner}. */
@NullMarked
package io.batchflow.tuning;

import org.jspecify.annotations.NullMarked;
