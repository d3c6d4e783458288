package io.batchflow.testservers;

import io.batchflow.lease.Lease;
import io.batchflow.lease.LeaseState;
import io.batchflow.lease.LeaseStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * What a program of {@link Competitors} does: it works with its token until it is refused. It goes
 * on although the lease may be lost, as a process does that was stopped.
 */
public final class LeaseWork {

  /** How long the lease is held after its holder was killed. */
  public static final Duration TTL = Duration.ofMillis(1_500);

  private final LongFunction<Mono<Boolean>> work;

  private LeaseWork(LongFunction<Mono<Boolean>> work) {
    this.work = work;
  }

  /**
   * Competes until the input of the process ends, and then ends the process.
   *
   * @param work takes a token, and returns whether its work was accepted. It is repeated after
   *     errors
   */
  public static void compete(LeaseStore store, String name, LongFunction<Mono<Boolean>> work)
      throws IOException {
    LeaseWork working = new LeaseWork(work);
    Lease.builder(store, name)
        .ttl(TTL)
        .skew(Duration.ofMillis(300))
        .holder(String.valueOf(ProcessHandle.current().pid()))
        .build()
        .states()
        .filter(LeaseState::isHeld)
        .doOnNext(state -> System.out.println("held " + state.token()))
        .flatMap(state -> working.untilRefused(state.token()))
        .subscribe();
    while (System.in.read() >= 0) {
      // Ends with the test.
    }
    Runtime.getRuntime().halt(0);
  }

  private Mono<Void> untilRefused(long token) {
    AtomicBoolean first = new AtomicBoolean(true);
    return Mono.defer(() -> work.apply(token))
        .doOnNext(
            accepted -> {
              if (accepted && first.getAndSet(false)) {
                System.out.println("wrote " + token);
              }
            })
        .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, Duration.ofMillis(20)))
        .repeatWhen(done -> done.delayElements(Duration.ofMillis(30)))
        .takeUntil(accepted -> !accepted)
        .then(Mono.fromRunnable(() -> System.out.println("refused " + token)));
  }
}
