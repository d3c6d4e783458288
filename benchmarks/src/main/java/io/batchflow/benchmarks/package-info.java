/** One program with named parts. It measures BatchFlow and its peers in the same run. */
@NullMarked
package io.batchflow.benchmarks;

import org.jspecify.annotations.NullMarked;
