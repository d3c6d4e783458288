package io.batchflow.redis;

import io.batchflow.ConflictStrategy;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Says which command a row of a Schema becomes, and where its parts come from.
 *
 * <p>Keys are templates over columns, as in {@code event:{tenant}:{id}}; braces themselves are
 * doubled. What each strategy means for each command is a table in docs/redis.md; where it means
 * nothing, {@link RedisBatchWriter.Builder#map} rejects it. Where a strategy lets rows of one key
 * be merged, the Schema's conflict key must be the very columns that tell what the command writes
 * to: those of its key, and its field or member.
 *
 * <p>Immutable and safe for any thread. The column names are checked by {@link
 * RedisBatchWriter.Builder#map}.
 */
public final class RedisMapping {

  private final Command command;
  private final KeyTemplate key;
  private final List<String> identity;
  private final Expiry expiry;
  private final boolean repeatable;

  private RedisMapping(
      Command command, KeyTemplate key, List<String> identity, Expiry expiry, boolean repeatable) {
    this.command = command;
    this.key = key;
    this.identity = identity;
    this.expiry = expiry;
    this.repeatable = repeatable;
  }

  private static RedisMapping of(Command command, String key, String... identity) {
    return new RedisMapping(
        command, KeyTemplate.parse(key), List.of(identity), Expiry.NEVER, false);
  }

  /** A text: {@code SET}. Rows with nothing else to them travel as {@code MSET}. */
  public static RedisMapping set(String key, String valueColumn) {
    return of(new Commands.Set(valueColumn), key);
  }

  /** A hash whose fields are the columns that the key does not name: {@code HSET}. */
  public static RedisMapping hset(String key) {
    return of(new Commands.Hash(), key);
  }

  /** One field of a hash, named by a column: {@code HSET}, or {@code HSETNX} by strategy. */
  public static RedisMapping hset(String key, String fieldColumn, String valueColumn) {
    return of(new Commands.Field(fieldColumn, valueColumn, true), key, fieldColumn);
  }

  /** One field of a hash unless it is there: {@code HSETNX}. */
  public static RedisMapping hsetnx(String key, String fieldColumn, String valueColumn) {
    return of(new Commands.Field(fieldColumn, valueColumn, false), key, fieldColumn);
  }

  /** A member of a sorted set, with its score: {@code ZADD}. */
  public static RedisMapping zadd(String key, String scoreColumn, String memberColumn) {
    return of(new Commands.Member("ZADD", scoreColumn, memberColumn), key, memberColumn);
  }

  /** A place of a geospatial index: {@code GEOADD}. */
  public static RedisMapping geoadd(
      String key, String longitudeColumn, String latitudeColumn, String memberColumn) {
    return of(
        new Commands.Member("GEOADD", longitudeColumn, latitudeColumn, memberColumn),
        key,
        memberColumn);
  }

  /** A member of a set: {@code SADD}. */
  public static RedisMapping sadd(String key, String memberColumn) {
    return of(new Commands.SetMember(memberColumn), key, memberColumn);
  }

  /** An element at a list's end: {@code RPUSH}. */
  public static RedisMapping rpush(String key, String valueColumn) {
    return of(new Commands.Plain("RPUSH", false, valueColumn), key);
  }

  /** An element at a list's beginning: {@code LPUSH}. */
  public static RedisMapping lpush(String key, String valueColumn) {
    return of(new Commands.Plain("LPUSH", false, valueColumn), key);
  }

  /**
   * An entry of a stream, of the columns that the key does not name: {@code XADD} with {@code *}.
   */
  public static RedisMapping xadd(String key) {
    return xadd(key, new XAddArgs());
  }

  /**
   * An entry of a stream: {@code XADD}.
   *
   * @param options how to trim it, such as {@code XAddArgs.Builder.maxlen(1_000)}; not changed
   *     afterwards
   */
  public static RedisMapping xadd(String key, XAddArgs options) {
    return of(new Commands.Entry(options), key);
  }

  /** A count: {@code INCRBY}. */
  public static RedisMapping incrBy(String key, String amountColumn) {
    return of(new Commands.Plain("INCRBY", false, amountColumn), key);
  }

  /** A sum: {@code INCRBYFLOAT}. */
  public static RedisMapping incrByFloat(String key, String amountColumn) {
    return of(new Commands.Plain("INCRBYFLOAT", false, amountColumn), key);
  }

  /** An element of a HyperLogLog: {@code PFADD}. */
  public static RedisMapping pfadd(String key, String elementColumn) {
    return of(new Commands.Plain("PFADD", true, elementColumn), key);
  }

  /** A message to a channel, which is written whoever listens: {@code PUBLISH}. */
  public static RedisMapping publish(String channel, String messageColumn) {
    return of(new Commands.Plain("PUBLISH", false, messageColumn), channel);
  }

  /** The end of a key, be it there or not: {@code DEL}. */
  public static RedisMapping del(String key) {
    return of(new Commands.Plain("DEL", true), key);
  }

  /** A new time to live for a key, if it is there: {@code PEXPIRE}, by {@link #expireAfter}. */
  public static RedisMapping expire(String key) {
    return of(new Commands.Expire(), key);
  }

  /**
   * Any other command that begins with one key.
   *
   * @param name such as {@code "JSON.SET"}
   * @param arguments templates for what follows the key, one each
   * @throws InvalidConfigurationException if the command would change or block the connection
   */
  public static RedisMapping command(String name, String key, String... arguments) {
    List<KeyTemplate> templates = List.of(arguments).stream().map(KeyTemplate::parse).toList();
    return of(CustomCommands.Custom.of(name, templates), key);
  }

  /**
   * Any other command that begins with one key.
   *
   * @param arguments gives what follows the key; its elements pass through the codec. Called by the
   *     flow's threads; what it throws rejects that row alone
   * @throws InvalidConfigurationException if the command would change or block the connection
   */
  public static RedisMapping command(String name, String key, Function<Row, List<?>> arguments) {
    return of(CustomCommands.Custom.of(name, arguments), key);
  }

  /**
   * A command for each row, as it stands: its name in column {@code cmd}, its key in column {@code
   * key}, and whatever other columns are set, in the Schema's order. For Schemas without a mapping
   * that have these two columns, it is the default.
   */
  public static RedisMapping raw() {
    return of(new CustomCommands.Raw(), "{key}");
  }

  /**
   * Has keys expire this long after the write, which is one with the write itself. Defaults to not
   * at all: {@code SET} and a replaced hash then have no time to live, others keep what they have.
   *
   * @throws InvalidConfigurationException if it is below a millisecond
   */
  public RedisMapping expireAfter(Duration time) {
    return new RedisMapping(command, key, identity, Expiry.after(time), repeatable);
  }

  /**
   * Has keys expire after the time that each row has in a column: a {@link Duration}, or a whole
   * number of seconds. A row without one does not make its key expire; one below a millisecond is
   * rejected.
   */
  public RedisMapping expireAfter(String column) {
    return new RedisMapping(command, key, identity, new Expiry(null, column), repeatable);
  }

  /**
   * Calls the command harmless to repeat: if no answer came, it is sent again. That is already so
   * for what leaves the same however often it runs; for {@code INCRBY}, {@code RPUSH} or {@code
   * XADD} it means at least once.
   */
  public RedisMapping repeatable() {
    return new RedisMapping(command, key, identity, expiry, true);
  }

  KeyTemplate key() {
    return key;
  }

  Expiry expiry() {
    return expiry;
  }

  /**
   * Returns the form of the commands for a Schema.
   *
   * @throws InvalidConfigurationException if they do not fit
   */
  CommandTemplate bind(SchemaBinding binding) {
    if (binding.strategy() != ConflictStrategy.FAIL) {
      checkConflictKey(binding);
    }
    return command.bind(binding, this).repeatable(repeatable);
  }

  /** Returns which rows are one to Redis: those of one key, and one field or member in it. */
  RedisKeys keys(SchemaBinding binding) {
    List<RedisKeys.Part> parts = new ArrayList<>();
    parts.add(RedisKeys.of(binding, key));
    identity.forEach(column -> parts.add(RedisKeys.of(binding, column)));
    return new RedisKeys(parts);
  }

  /** Rows that share a conflict key are merged: they must not differ in what they write to. */
  private void checkConflictKey(SchemaBinding binding) {
    List<String> told =
        java.util.stream.Stream.concat(key.columns().stream(), identity.stream())
            .distinct()
            .sorted()
            .toList();
    List<String> given = binding.schema().conflictKey().stream().sorted().toList();
    if (!given.isEmpty() && !given.equals(told)) {
      throw binding.invalid(
          "writes to what the columns "
              + String.join(", ", told)
              + " tell, but the conflict key is "
              + String.join(", ", given),
          "Make them the same");
    }
  }

  /** What a command makes of a Schema's strategy and columns. */
  @FunctionalInterface
  interface Command {

    CommandTemplate bind(SchemaBinding binding, RedisMapping mapping);
  }
}
