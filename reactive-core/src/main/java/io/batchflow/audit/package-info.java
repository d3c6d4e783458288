/**
 * An audit record of every batch: {@link io.batchflow.audit.AuditTrail} records who wrote how many
 * rows to which table, with which result, and who paused a table or changed its policy.
 */
@NullMarked
package io.batchflow.audit;

import org.jspecify.annotations.NullMarked;
