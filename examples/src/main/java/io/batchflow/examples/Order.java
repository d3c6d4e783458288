package io.batchflow.examples;

import io.batchflow.ConflictStrategy;
import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;

/** One row of the table {@code orders}. */
@Table(value = "orders", onConflict = ConflictStrategy.UPDATE)
public record Order(@Key long id, String item, int quantity) {}
