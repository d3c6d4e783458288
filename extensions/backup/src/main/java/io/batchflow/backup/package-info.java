/**
 * Writes tables to files of JSON lines and restores them: {@link io.batchflow.backup.TableBackup}.
 */
@NullMarked
package io.batchflow.backup;

import org.jspecify.annotations.NullMarked;
