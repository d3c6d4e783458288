package io.batchflow.examples.orders;

import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;
import java.util.UUID;

/** One row of the table {@code order_lines}. */
@Table("order_lines")
record OrderLine(@Key UUID orderId, @Key int line, String sku, int quantity) {}
