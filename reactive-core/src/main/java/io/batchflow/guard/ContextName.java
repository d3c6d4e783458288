package io.batchflow.guard;

import java.security.Principal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Finds a name in the Reactor Context of a subscriber, such as that of the caller or of its tenant.
 * Thread-safe.
 */
@FunctionalInterface
public interface ContextName {

  /** The key of the Context under which the tenant of the caller is, if no other is set. */
  String TENANT = "io.batchflow.tenant";

  /**
   * Returns the name; empty if there is none. Must not block.
   *
   * @param context the Context of the subscriber
   */
  Mono<String> in(ContextView context);

  /**
   * Finds the name under a key: a {@link Principal}, or an object whose text is the name.
   *
   * @param key such as {@link io.batchflow.audit.AuditTrail#USER} or {@link #TENANT}
   */
  static ContextName of(Object key) {
    Objects.requireNonNull(key, "key");
    return context -> Mono.justOrEmpty(nameOf(context.getOrDefault(key, null)));
  }

  private static @Nullable String nameOf(@Nullable Object found) {
    if (found == null) {
      return null;
    }
    return found instanceof Principal principal ? principal.getName() : found.toString();
  }

  /** Returns one that asks another if it finds no name itself. */
  default ContextName orElse(ContextName other) {
    return context -> in(context).switchIfEmpty(Mono.defer(() -> other.in(context)));
  }

  /** Returns the name, or an empty Optional if there is none. */
  default Mono<Optional<String>> find(ContextView context) {
    return in(context).map(Optional::of).defaultIfEmpty(Optional.empty());
  }
}
