package io.batchflow.catalog;

import io.batchflow.BatchPolicy;
import io.batchflow.control.TableControl;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** A table of a flow that follows a catalog. Changes arrive one at a time. */
final class BoundTable {

  private final TableControl control;

  /** The policy without the catalog. */
  private final BatchPolicy own;

  /** The operation by the last status. It may take as long as a write. */
  private final Disposable.Swap operation = Disposables.swap();

  private TableSettings applied = TableSettings.none();
  private TableStatus status = TableStatus.ACTIVE;
  private volatile @Nullable Throwable failure;

  BoundTable(TableControl control) {
    this.control = control;
    this.own = control.policy();
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Changes the policy and the status. Never fails.
   *
   * @param defaults those of this process, which the settings may contradict
   */
  Mono<Void> follow(TableSettings settings, TableSettings defaults, TableStatus to) {
    return Mono.defer(
        () -> {
          failure = null;
          return Mono.defer(() -> retuned(settings.withDefaults(defaults)))
              .onErrorResume(this::failed)
              .then(Mono.fromRunnable(() -> move(to)));
        });
  }

  private Mono<Void> retuned(TableSettings settings) {
    return settings.isSamePolicy(applied)
        ? Mono.empty()
        : Mono.defer(() -> control.policy(settings.applyTo(own)))
            .doOnSuccess(done -> applied = settings);
  }

  private Mono<Void> failed(Throwable thrown) {
    failure = thrown;
    return Mono.empty();
  }

  /** Starts the operation, and does not wait for it: other tables may change meanwhile. */
  private void move(TableStatus to) {
    if (to == status) {
      return;
    }
    status = to;
    Mono<Void> change =
        switch (to) {
          case ACTIVE -> control.resume();
          case PAUSED -> control.pause();
          case DRAINING, ARCHIVED, DELETING -> control.drain();
        };
    operation.replace(change.subscribe(done -> {}, thrown -> failure = thrown));
  }
}
