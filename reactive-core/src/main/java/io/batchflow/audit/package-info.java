/**
 * An audit record of every batch: {@link io.batchflow.audit.AuditTrail} records who wrote how many
 * rows to which table, with which result.
 */
@NullMarked
package io.batchflow.audit;

import org.jspecify.annotations.NullMarked;
