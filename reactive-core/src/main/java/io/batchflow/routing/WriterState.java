package io.batchflow.routing;

/**
 * A snapshot of one writer of a {@link RoutingWriter}. Immutable.
 *
 * @param name the name that it was added by
 * @param up whether it gets batches; a writer that is down is tried from time to time
 * @param writing the number of batches that it writes now
 * @param batches the number of batches that it got so far
 */
public record WriterState(String name, boolean up, int writing, long batches) {}
