/**
 * A record of every batch: {@link io.batchflow.audit.AuditTrail} says who stored how many rows
 * where, and what became of them.
 */
@NullMarked
package io.batchflow.audit;

import org.jspecify.annotations.NullMarked;
