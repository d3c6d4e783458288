@NullMarked
package io.batchflow.examples.flink;

import org.jspecify.annotations.NullMarked;
