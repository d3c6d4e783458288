package io.batchflow.redis.catalog;

import io.batchflow.catalog.CatalogFullException;
import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.TableInfo;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.reactive.RedisClusterReactiveCommands;
import java.util.Comparator;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Stores a catalog in Redis: the hash {@code batchflow:catalog:{name}:tables} and the generation
 * beside it. Each change is one script, so it is made as a whole or not at all.
 *
 * <p>A generation is at least the time in microseconds by the clock of Redis, so generations also
 * grow if Redis lost its data. A failover to a replica may lose the last changes: the processes
 * then follow the catalog that is left.
 *
 * <p>Thread-safe. The connection stays yours.
 */
public final class RedisCatalogStore implements CatalogStore {

  /** The keys are those of the generation and of the tables. */
  private static final String NEXT =
      """
      local time = redis.call('TIME')
      local last = tonumber(redis.call('GET', KEYS[1]) or '0')
      local next = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
      redis.call('SET', KEYS[1], next)
      """;

  private static final String STORE =
      NEXT
          + """
          redis.call('HSET', KEYS[2], ARGV[1], next .. ' ' .. ARGV[3])
          return next
          """;

  /** Takes the name and the generation. */
  private static final String IF_PRESENT =
      """
      local present = redis.call('HGET', KEYS[2], ARGV[1])
      if not present or string.match(present, '^%d+') ~= ARGV[2] then return false end
      """;

  /** Takes the name, the most tables and the text. */
  private static final String INSERT =
      """
      if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return false end
      if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[2]) then return 'full' end
      """
          + STORE;

  /** Takes the name, the generation and the text. */
  private static final String REPLACE = IF_PRESENT + STORE;

  /** Takes the name and the generation. */
  private static final String REMOVE =
      IF_PRESENT
          + NEXT
          + """
          redis.call('HDEL', KEYS[2], ARGV[1])
          return next
          """;

  private final RedisClusterReactiveCommands<String, String> commands;
  private final String generation;
  private final String tables;

  private RedisCatalogStore(RedisClusterReactiveCommands<String, String> commands, String name) {
    this.commands = commands;
    this.generation = "batchflow:catalog:{" + name + "}:generation";
    this.tables = "batchflow:catalog:{" + name + "}:tables";
  }

  /**
   * Returns a store over a connection to a server or a cluster: {@code connection.reactive()}. The
   * server needs Redis 5 or later.
   *
   * @param name the name of the catalog, of which a Redis may have several
   */
  public static RedisCatalogStore create(
      RedisClusterReactiveCommands<String, String> commands, String name) {
    return new RedisCatalogStore(
        Objects.requireNonNull(commands, "commands"), Objects.requireNonNull(name, "name"));
  }

  @Override
  public Mono<Long> generation() {
    return Mono.defer(() -> commands.get(generation)).map(Long::valueOf).defaultIfEmpty(0L);
  }

  @Override
  public Flux<TableInfo> tables() {
    return Flux.defer(() -> commands.hgetall(tables))
        .map(entry -> StoredTable.parse(entry.getKey(), entry.getValue()))
        .collectSortedList(Comparator.comparing(TableInfo::name))
        .flatMapIterable(sorted -> sorted);
  }

  @Override
  public Mono<TableInfo> find(String name) {
    return Mono.defer(() -> commands.hget(tables, name)).map(text -> StoredTable.parse(name, text));
  }

  @Override
  public Mono<TableInfo> insert(TableInfo table, int maxTables) {
    return eval(INSERT, table.name(), maxTables, StoredTable.withoutGeneration(table))
        .flatMap(
            answer ->
                answer.equals("full")
                    ? Mono.error(new CatalogFullException(table.name(), maxTables))
                    : Mono.just(changed(table, answer)));
  }

  @Override
  public Mono<TableInfo> replace(TableInfo table) {
    return eval(REPLACE, table.name(), table.generation(), StoredTable.withoutGeneration(table))
        .map(answer -> changed(table, answer));
  }

  private static TableInfo changed(TableInfo table, String generation) {
    return table.withGeneration(Long.parseLong(generation));
  }

  @Override
  public Mono<Boolean> remove(TableInfo table) {
    return eval(REMOVE, table.name(), table.generation(), "").hasElement();
  }

  private Mono<String> eval(String script, String name, long number, String text) {
    String[] keys = {generation, tables};
    String[] values = {name, String.valueOf(number), text};
    return Flux.defer(() -> commands.<String>eval(script, ScriptOutputType.VALUE, keys, values))
        .next();
  }

  @Override
  public String toString() {
    return "RedisCatalogStore";
  }
}
