package io.batchflow.redis.lease;

import io.batchflow.lease.Lease;
import io.batchflow.lease.LeaseState;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A competitor in a JVM of its own, which works with its token until it is refused. */
final class LeaseProcess {

  static final Duration TTL = Duration.ofMillis(1_500);

  /** Compares the token of the lease, and has its effect, in one step. */
  private static final String WORK =
      """
      if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
      return redis.call('RPUSH', KEYS[2], ARGV[1] .. ' ' .. ARGV[2])
      """;

  private final RedisReactiveCommands<String, String> commands;
  private final String name;

  private LeaseProcess(RedisReactiveCommands<String, String> commands, String name) {
    this.commands = commands;
    this.name = name;
  }

  /** Takes the URI of the server, and the name of the lease. */
  public static void main(String[] arguments) throws IOException {
    RedisClient client = RedisClient.create(arguments[0]);
    new LeaseProcess(client.connect().reactive(), arguments[1]).compete();
    while (System.in.read() >= 0) {
      // Ends with the test.
    }
    Runtime.getRuntime().halt(0);
  }

  static String acceptedKey(String name) {
    return "accepted:{" + name + "}";
  }

  private void compete() {
    Lease.builder(RedisLeaseStore.create(commands), name)
        .ttl(TTL)
        .skew(Duration.ofMillis(300))
        .holder(String.valueOf(ProcessHandle.current().pid()))
        .build()
        .states()
        .filter(LeaseState::isHeld)
        .doOnNext(state -> System.out.println("held " + state.token()))
        .flatMap(state -> workUntilRefused(state.token()))
        .subscribe();
  }

  /** Goes on although the lease may be lost, as a process does that was stopped. */
  private Mono<Void> workUntilRefused(long token) {
    AtomicBoolean first = new AtomicBoolean(true);
    return work(token)
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

  private Mono<Boolean> work(long token) {
    String[] keys = {RedisLeaseStore.keyOf(name), acceptedKey(name)};
    return Mono.defer(
        () ->
            commands
                .<Long>eval(
                    WORK,
                    ScriptOutputType.INTEGER,
                    keys,
                    String.valueOf(token),
                    String.valueOf(ProcessHandle.current().pid()))
                .next()
                .map(length -> length > 0));
  }
}
