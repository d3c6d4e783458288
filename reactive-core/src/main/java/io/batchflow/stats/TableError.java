package io.batchflow.stats;

import java.time.Instant;

/**
 * A failure of a table. Holds no values of rows: the text of the backend's own error may contain
 * some, and is left out. Immutable. Only the library should construct it: components may be added.
 *
 * @param time when it occurred, by the clock of the flow's scheduler
 * @param type the name of the class of the backend's failure, or of ours if there was none
 * @param message what it means for the rows
 */
public record TableError(Instant time, String type, String message) {}
