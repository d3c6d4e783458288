/**
 * Real servers for tests and benchmarks: the one that an environment variable names, else one in a
 * container where a Docker daemon answers, else an embedded one.
 */
@NullMarked
package io.batchflow.testservers;

import org.jspecify.annotations.NullMarked;
