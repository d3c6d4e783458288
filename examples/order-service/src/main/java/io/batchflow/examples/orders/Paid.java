package io.batchflow.examples.orders;

import java.util.UUID;

/** The message that an order is paid. */
record Paid(UUID order, String customer, int cents) {}
