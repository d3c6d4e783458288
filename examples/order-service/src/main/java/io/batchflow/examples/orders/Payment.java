package io.batchflow.examples.orders;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An entity of Spring Data.
 *
 * @param id null until the database has generated it
 */
@Table("payments")
record Payment(@Id @Nullable Long id, UUID orderId, int amountCents) {}
