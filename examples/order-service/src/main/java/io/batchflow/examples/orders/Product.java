package io.batchflow.examples.orders;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** An entity of Spring Data. Its caller chooses the id, so that a repeat is harmless. */
@Table("products")
record Product(@Id String sku, String name, int priceCents) {}
