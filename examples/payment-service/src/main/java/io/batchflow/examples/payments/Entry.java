package io.batchflow.examples.payments;

import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;

/** A row of the ledger. The entries of a message have the sum 0. */
@Table("entries")
record Entry(@Key String message, @Key String account, long cents) {}
