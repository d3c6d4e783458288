package io.batchflow.redis;

/**
 * Scripts for what takes two commands: Redis runs a script atomically. Each has one key, and its
 * first argument is a time to live in milliseconds, or 0. The {@code unpack} of Lua takes about
 * 8,000 arguments.
 */
final class Scripts {

  /** Runs a command. A key that the command does not change keeps its time to live. */
  static final String THEN_EXPIRE_IF_NEW =
      """
      local r = redis.call(ARGV[2], KEYS[1], unpack(ARGV, 3))
      if r ~= 0 and ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return r
      """;

  /** Runs a command. */
  static final String THEN_EXPIRE =
      """
      local r = redis.call(ARGV[2], KEYS[1], unpack(ARGV, 3))
      if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return r
      """;

  /** Sets the fields of a hash if the key does not exist. */
  static final String HASH_IF_ABSENT =
      """
      if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
      redis.call('HSET', KEYS[1], unpack(ARGV, 2))
      if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return 1
      """;

  /** Sets the fields of a hash if the key exists. */
  static final String HASH_IF_PRESENT =
      """
      if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
      redis.call('HSET', KEYS[1], unpack(ARGV, 2))
      if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return 1
      """;

  /** Runs a command if another one finds a field or member of the key. */
  static final String MEMBER_IF_PRESENT =
      """
      local found = redis.call(ARGV[2], KEYS[1], ARGV[3])
      if not found or found == 0 then return 0 end
      redis.call(ARGV[4], KEYS[1], unpack(ARGV, 5))
      if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return 1
      """;

  /** Replaces the value of the key by a hash. */
  static final String HASH_REPLACED =
      """
      local was = redis.call('DEL', KEYS[1])
      redis.call('HSET', KEYS[1], unpack(ARGV, 2))
      if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return 1 - was
      """;

  /** Removes a field or member of the key, and runs a command. */
  static final String REMOVE_THEN =
      """
      redis.call(ARGV[2], KEYS[1], ARGV[3])
      local r = redis.call(ARGV[4], KEYS[1], unpack(ARGV, 5))
      if ARGV[1] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
      return r
      """;

  private Scripts() {}
}
