/**
 * Real servers for tests and benchmarks: the server that an environment variable names, or else a
 * container if a Docker daemon answers, or else an embedded server.
 */
@NullMarked
package io.batchflow.testservers;

import org.jspecify.annotations.NullMarked;
