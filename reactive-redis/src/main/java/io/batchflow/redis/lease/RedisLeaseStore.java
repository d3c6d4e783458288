package io.batchflow.redis.lease;

import io.batchflow.lease.LeaseStore;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.reactive.RedisScriptingReactiveCommands;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Stores leases in Redis, by the clock of Redis. A lease is the hash {@code batchflow:lease:{name}}
 * with the fields {@code token} and {@code holder}, which expires.
 *
 * <p>A token is at least the time in microseconds, so tokens also grow if Redis lost its data.
 * After a failover to a replica that had not got the lease yet, there may be two holders for a
 * time: work that has its effect outside of Redis keeps the largest token that it has seen, and
 * refuses smaller ones.
 *
 * <p>Thread-safe. The connection stays yours.
 */
public final class RedisLeaseStore implements LeaseStore {

  private static final String ACQUIRE =
      """
      if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
      local time = redis.call('TIME')
      local last = tonumber(redis.call('GET', KEYS[2]) or '0')
      local token = math.max(last + 1, time[1] * 1000000 + time[2])
      local text = string.format('%.0f', token)
      redis.call('SET', KEYS[2], text)
      redis.call('HSET', KEYS[1], 'token', text, 'holder', ARGV[1])
      redis.call('PEXPIRE', KEYS[1], ARGV[2])
      return token
      """;

  private static final String RENEW =
      """
      if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
      return redis.call('PEXPIRE', KEYS[1], ARGV[2])
      """;

  private static final String RELEASE =
      """
      if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
      return redis.call('DEL', KEYS[1])
      """;

  private final RedisScriptingReactiveCommands<String, String> commands;

  private RedisLeaseStore(RedisScriptingReactiveCommands<String, String> commands) {
    this.commands = commands;
  }

  /**
   * Returns a store over a connection to a server or a cluster: {@code connection.reactive()}. The
   * server needs Redis 5 or later.
   */
  public static RedisLeaseStore create(RedisScriptingReactiveCommands<String, String> commands) {
    return new RedisLeaseStore(Objects.requireNonNull(commands, "commands"));
  }

  /**
   * Returns the key of a lease. A script that has its effect in Redis compares the field {@code
   * token} of this hash first.
   */
  public static String keyOf(String name) {
    return "batchflow:lease:{" + name + "}";
  }

  @Override
  public Mono<Long> acquire(String name, String holder, Duration ttl) {
    String[] keys = {keyOf(name), keyOf(name) + ":last"};
    return eval(ACQUIRE, keys, holder, millis(ttl)).filter(token -> token > 0);
  }

  @Override
  public Mono<Boolean> renew(String name, long token, Duration ttl) {
    return eval(RENEW, new String[] {keyOf(name)}, String.valueOf(token), millis(ttl))
        .map(renewed -> renewed == 1);
  }

  @Override
  public Mono<Void> release(String name, long token) {
    return eval(RELEASE, new String[] {keyOf(name)}, String.valueOf(token)).then();
  }

  private Mono<Long> eval(String script, String[] keys, String... values) {
    return commands.<Long>eval(script, ScriptOutputType.INTEGER, keys, values).next();
  }

  private static String millis(Duration ttl) {
    return String.valueOf(Math.max(1, ttl.toMillis()));
  }

  @Override
  public String toString() {
    return "RedisLeaseStore";
  }
}
