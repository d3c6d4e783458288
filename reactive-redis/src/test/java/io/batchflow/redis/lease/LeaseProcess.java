package io.batchflow.redis.lease;

import io.batchflow.testservers.LeaseWork;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import java.io.IOException;
import reactor.core.publisher.Mono;

/** A competitor in a JVM of its own, which appends to a list with its token. */
final class LeaseProcess {

  /** Compares the token of the lease, and has its effect, in one step. */
  private static final String WORK =
      """
      if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
      return redis.call('RPUSH', KEYS[2], ARGV[1] .. ' ' .. ARGV[2])
      """;

  private LeaseProcess() {}

  /** Takes the URI of the server, and the name of the lease. */
  public static void main(String[] arguments) throws IOException {
    RedisReactiveCommands<String, String> commands =
        RedisClient.create(arguments[0]).connect().reactive();
    String name = arguments[1];
    LeaseWork.compete(RedisLeaseStore.create(commands), name, token -> work(commands, name, token));
  }

  static String acceptedKey(String name) {
    return "accepted:{" + name + "}";
  }

  private static Mono<Boolean> work(
      RedisReactiveCommands<String, String> commands, String name, long token) {
    String[] keys = {RedisLeaseStore.keyOf(name), acceptedKey(name)};
    return commands
        .<Long>eval(
            WORK,
            ScriptOutputType.INTEGER,
            keys,
            String.valueOf(token),
            String.valueOf(ProcessHandle.current().pid()))
        .next()
        .map(length -> length > 0);
  }
}
