/** An outbox, and the relay that publishes its messages. */
@NullMarked
package io.batchflow.spring.boot.outbox;

import org.jspecify.annotations.NullMarked;
