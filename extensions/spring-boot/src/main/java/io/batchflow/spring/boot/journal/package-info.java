/** The journals of the auto-configured flows. */
@NullMarked
package io.batchflow.spring.boot.journal;

import org.jspecify.annotations.NullMarked;
