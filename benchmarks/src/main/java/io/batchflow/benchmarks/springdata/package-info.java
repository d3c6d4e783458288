/** A repository of Spring Data R2DBC whose entities are the events of the other parts. */
@NullMarked
package io.batchflow.benchmarks.springdata;

import org.jspecify.annotations.NullMarked;
