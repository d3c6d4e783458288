package io.batchflow.backup;

import java.nio.file.Path;

/**
 * What was written, verified or restored. Immutable. Only the library should construct it:
 * components may be added.
 *
 * @param table the name of the table
 * @param directory where the backup is
 * @param rows how many rows the backup has
 * @param parts how many files they are in
 * @param resumedParts how many of them an earlier run had already written or restored
 */
public record BackupReport(String table, Path directory, long rows, int parts, int resumedParts) {}
