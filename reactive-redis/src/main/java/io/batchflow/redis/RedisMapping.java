package io.batchflow.redis;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Maps the rows of a Schema to a command.
 *
 * <p>A key is a template over columns, as in {@code event:{tenant}:{id}}. A brace itself is
 * doubled. A table in docs/redis.md shows what each strategy means for each command. {@link
 * RedisBatchWriter.Builder#map} rejects a strategy that the command does not support. If the
 * strategy merges rows, the Schema's conflict key must be the columns that name what the command
 * writes to: those of the key, and of the field or member.
 *
 * <p>Immutable and safe for any thread. {@link RedisBatchWriter.Builder#map} checks the column
 * names.
 */
public final class RedisMapping {

  private final Command command;
  private final WriteTarget target;
  private final Expiry expiry;
  private final boolean repeatable;

  private RedisMapping(Command command, WriteTarget target, Expiry expiry, boolean repeatable) {
    this.command = command;
    this.target = target;
    this.expiry = expiry;
    this.repeatable = repeatable;
  }

  private static RedisMapping of(Command command, String key, String... members) {
    WriteTarget target = new WriteTarget(KeyTemplate.parse(key), List.of(members));
    return new RedisMapping(command, target, Expiry.NEVER, false);
  }

  /** A text: {@code SET}. Rows that need no more than that are sent as {@code MSET}. */
  public static RedisMapping set(String key, String valueColumn) {
    return of(new Commands.Set(valueColumn), key);
  }

  /** A hash: {@code HSET}. Its fields are the columns that the key does not name. */
  public static RedisMapping hset(String key) {
    return of(new Commands.Hash(), key);
  }

  /** One field of a hash, named by a column: {@code HSET}, or {@code HSETNX} by strategy. */
  public static RedisMapping hset(String key, String fieldColumn, String valueColumn) {
    return of(new MemberCommands.Field(fieldColumn, valueColumn, true), key, fieldColumn);
  }

  /** One field of a hash, unless it exists: {@code HSETNX}. */
  public static RedisMapping hsetnx(String key, String fieldColumn, String valueColumn) {
    return of(new MemberCommands.Field(fieldColumn, valueColumn, false), key, fieldColumn);
  }

  /** A member of a sorted set, with its score: {@code ZADD}. */
  public static RedisMapping zadd(String key, String scoreColumn, String memberColumn) {
    return of(new MemberCommands.Member("ZADD", scoreColumn, memberColumn), key, memberColumn);
  }

  /** A place of a geospatial index: {@code GEOADD}. */
  public static RedisMapping geoadd(
      String key, String longitudeColumn, String latitudeColumn, String memberColumn) {
    return of(
        new MemberCommands.Member("GEOADD", longitudeColumn, latitudeColumn, memberColumn),
        key,
        memberColumn);
  }

  /** A member of a set: {@code SADD}. */
  public static RedisMapping sadd(String key, String memberColumn) {
    return of(new MemberCommands.SetMember(memberColumn), key, memberColumn);
  }

  /** An element at the end of a list: {@code RPUSH}. */
  public static RedisMapping rpush(String key, String valueColumn) {
    return of(new Commands.Plain("RPUSH", false, valueColumn), key);
  }

  /** An element at the beginning of a list: {@code LPUSH}. */
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

  /** A message to a channel: {@code PUBLISH}. It counts as written even if nobody listens. */
  public static RedisMapping publish(String channel, String messageColumn) {
    return of(new Commands.Plain("PUBLISH", false, messageColumn), channel);
  }

  /** The removal of a key, which need not exist: {@code DEL}. */
  public static RedisMapping del(String key) {
    return of(new Commands.Plain("DEL", true), key);
  }

  /** A new time to live for a key, if it exists: {@code PEXPIRE}, by {@link #expireAfter}. */
  public static RedisMapping expire(String key) {
    return of(new Commands.Expire(), key);
  }

  /**
   * Any other command that begins with one key.
   *
   * @param name such as {@code "JSON.SET"}
   * @param arguments a template for each argument after the key
   * @throws InvalidConfigurationException if the command would change or block the connection
   */
  public static RedisMapping command(String name, String key, String... arguments) {
    List<KeyTemplate> templates = List.of(arguments).stream().map(KeyTemplate::parse).toList();
    return of(CustomCommands.Custom.of(name, templates), key);
  }

  /**
   * Any other command that begins with one key.
   *
   * @param arguments returns the arguments after the key, which the codec encodes. Called on the
   *     flow's threads. An exception rejects the row
   * @throws InvalidConfigurationException if the command would change or block the connection
   */
  public static RedisMapping command(String name, String key, Function<Row, List<?>> arguments) {
    return of(CustomCommands.Custom.of(name, arguments), key);
  }

  /**
   * A command that the row itself has: its name in column {@code cmd}, its key in column {@code
   * key}, and its arguments in the other columns that are set, in the Schema's order. This is the
   * default for a Schema that has these two columns and no mapping.
   */
  public static RedisMapping raw() {
    return of(new CustomCommands.Raw(), "{key}");
  }

  /**
   * Makes keys expire after this time. The expiry is set atomically with the write. By default,
   * keys do not expire: a key that {@code SET} or REPLACE writes has no time to live, any other key
   * keeps the one that it has.
   *
   * @throws InvalidConfigurationException if it is below a millisecond
   */
  public RedisMapping expireAfter(Duration time) {
    return new RedisMapping(command, target, Expiry.after(time), repeatable);
  }

  /**
   * Makes keys expire after the time that each row has in a column: a {@link Duration}, or a whole
   * number of seconds. A row without a time does not make its key expire. A row with a time below a
   * millisecond is rejected.
   */
  public RedisMapping expireAfter(String column) {
    return new RedisMapping(command, target, new Expiry(null, column), repeatable);
  }

  /**
   * Lets a command be sent again if it got no answer. Idempotent commands are sent again anyway.
   * For {@code INCRBY}, {@code RPUSH} or {@code XADD} this means at-least-once.
   */
  public RedisMapping repeatable() {
    return new RedisMapping(command, target, expiry, true);
  }

  KeyTemplate key() {
    return target.key();
  }

  Expiry expiry() {
    return expiry;
  }

  /**
   * Returns the form of the commands for a Schema.
   *
   * @throws InvalidConfigurationException if the mapping does not fit the Schema
   */
  CommandTemplate bind(SchemaBinding binding) {
    target.check(binding);
    CommandTemplate template =
        binding.schema().isUpdateOnly()
            ? command.bindUpdates(binding, this)
            : command.bind(binding, this);
    return template.repeatable(repeatable);
  }

  /** Returns which rows write to the same key, and the same field or member of it. */
  RedisKeys keys(SchemaBinding binding) {
    return target.keys(binding);
  }

  /** Returns the commands of rows that delete their keys; null if there are none. */
  @Nullable DeleteTemplates bindDeletes(SchemaBinding binding) {
    return binding.schema().allowsDeletes() ? command.bindDeletes(binding, this) : null;
  }

  /** Makes the commands from the strategy and the columns of a Schema. */
  @FunctionalInterface
  interface Command {

    CommandTemplate bind(SchemaBinding binding, RedisMapping mapping);

    /**
     * Returns the commands of rows that only update.
     *
     * @throws InvalidConfigurationException if there are none
     */
    default CommandTemplate bindUpdates(SchemaBinding binding, RedisMapping mapping) {
      throw binding.noUpdates("this command");
    }

    /** Returns the commands of rows that delete their keys; null if there are none. */
    default @Nullable DeleteTemplates bindDeletes(SchemaBinding binding, RedisMapping mapping) {
      return null;
    }
  }
}
