/** Messages and where they are published: see {@link io.batchflow.message.MessagePublisher}. */
@NullMarked
package io.batchflow.message;

import org.jspecify.annotations.NullMarked;
