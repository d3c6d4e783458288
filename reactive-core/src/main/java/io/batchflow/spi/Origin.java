package io.batchflow.spi;

import java.util.stream.Stream;
import reactor.util.context.ContextView;

/**
 * The {@linkplain io.batchflow.Row#tag(Object) tag} of a row that was made of something with a
 * caller of its own, such as the message of a broker. {@link io.batchflow.Batch#contexts()} then
 * has the Contexts of the tag in place of that of the subscriber. So the rows of one stream can
 * belong to many traces. Thread-safe.
 */
@FunctionalInterface
public interface Origin {

  /** Returns the Contexts, when a writer or a listener asks for them; empty if there are none. */
  Stream<ContextView> contexts();
}
