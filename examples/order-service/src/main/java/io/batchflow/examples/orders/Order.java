package io.batchflow.examples.orders;

import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;
import java.util.UUID;

/** One row of the table {@code orders}. The database adds its status. */
@Table("orders")
record Order(@Key UUID id, String customer) {}
