/** One program with named parts that measures BatchFlow beside its peers, in the same run. */
@NullMarked
package io.batchflow.benchmarks;

import org.jspecify.annotations.NullMarked;
