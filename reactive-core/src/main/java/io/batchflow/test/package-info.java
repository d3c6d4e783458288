/**
 * For the tests of those who use BatchFlow: an in-memory writer, and the ledger as an assertion.
 */
@NullMarked
package io.batchflow.test;

import org.jspecify.annotations.NullMarked;
