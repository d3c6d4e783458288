/** Test support for users of BatchFlow: an in-memory writer and an assertion on the ledger. */
@NullMarked
package io.batchflow.test;

import org.jspecify.annotations.NullMarked;
