package io.batchflow.redis;

/**
 * What takes two commands and must not be half done, as scripts: Redis runs each as one. All have
 * one key and, as their first argument, a time to live in milliseconds or 0. Lua's {@code unpack}
 * takes about 8,000 arguments.
 */
final class Scripts {

  /** Runs the command that follows; a key that it left as it was keeps its time to live. */
  static final String THEN_EXPIRE_IF_NEW =
      """
      local r = redis.call(ARGV[2], KEYS[1], unpack(ARGV, 3))
      if r ~= 0 and ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return r
      """;

  /** Runs the command that follows. */
  static final String THEN_EXPIRE =
      """
      local r = redis.call(ARGV[2], KEYS[1], unpack(ARGV, 3))
      if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return r
      """;

  /** Sets a hash's fields if there is no such key. */
  static final String HASH_IF_ABSENT =
      """
      if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
      redis.call('HSET', KEYS[1], unpack(ARGV, 2))
      if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return 1
      """;

  /** Puts a hash in the place of whatever is there. */
  static final String HASH_REPLACED =
      """
      local was = redis.call('DEL', KEYS[1])
      redis.call('HSET', KEYS[1], unpack(ARGV, 2))
      if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return 1 - was
      """;

  private Scripts() {}
}
