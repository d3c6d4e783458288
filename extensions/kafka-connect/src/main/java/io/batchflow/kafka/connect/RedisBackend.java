package io.batchflow.kafka.connect;

import io.batchflow.AbsentStrategy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.redis.RedisBatchWriter;
import io.batchflow.redis.RedisMapping;
import io.batchflow.sql.SqlDialect;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.StringCodec;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.DataException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Redis or Valkey. A row is a hash, whose key is the name of the table and the values of the key,
 * with colons between them.
 */
final class RedisBackend implements Backend {

  private final String uri;
  private final RedisBatchWriter writer;
  private final Map<String, Schema> schemas = new HashMap<>();

  RedisBackend(SinkConfig config) {
    this.uri = withUser(config);
    RedisBatchWriter.Builder builder = RedisBatchWriter.builder(uri);
    for (String table : config.topics.stream().map(config::table).distinct().toList()) {
      Schema schema = schema(config, table);
      schemas.put(table, schema);
      builder.map(schema, RedisMapping.hset(keyTemplate(table, schema.conflictKey())));
    }
    this.writer = builder.build();
  }

  static boolean isUri(String url) {
    return url.startsWith("redis://")
        || url.startsWith("rediss://")
        || url.startsWith("redis-sentinel://");
  }

  private static String withUser(SinkConfig config) {
    if (config.password.isEmpty() || config.url.contains("@")) {
      return config.url;
    }
    int hosts = config.url.indexOf("://") + "://".length();
    return config.url.substring(0, hosts)
        + encoded(config.username)
        + ":"
        + encoded(config.password)
        + "@"
        + config.url.substring(hosts);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Schema schema(SinkConfig config, String table) {
    List<String> key = config.keyColumns();
    List<String> columns = new ArrayList<>(key);
    config.included.stream()
        .filter(config::isStored)
        .map(config::column)
        .filter(column -> !columns.contains(column))
        .sorted()
        .forEach(columns::add);
    Schema.Builder schema = Schema.tablePath(table).columns(columns).conflictKey(key);
    return switch (config.insertMode) {
      case INSERT -> schema.build();
      case UPSERT -> schema.onConflict(ConflictStrategy.REPLACE).build();
      case IGNORE -> schema.onConflict(ConflictStrategy.IGNORE).build();
      case UPDATE ->
          schema.onConflict(ConflictStrategy.UPDATE).onAbsent(AbsentStrategy.REJECT).build();
    };
  }

  private static String keyTemplate(String table, List<String> key) {
    return table.replace("{", "{{").replace("}", "}}")
        + key.stream()
            .map(column -> ":{" + column.replace("{", "{{").replace("}", "}}") + "}")
            .collect(Collectors.joining());
  }

  @Override
  public RedisBatchWriter writer() {
    return writer;
  }

  @Override
  public Mono<Schema> schema(String table, ConflictStrategy strategy, List<String> key) {
    Schema schema = schemas.get(table);
    return schema == null
        ? Mono.error(new DataException("The topic is not in topics, so it has no mapping to Redis"))
        : Mono.just(schema);
  }

  @Override
  public Mono<Void> reach() {
    return Mono.usingWhen(
            Mono.fromCallable(() -> RedisClient.create(uri)),
            client -> Mono.fromCallable(() -> client.connect(StringCodec.UTF8).sync().ping()),
            client -> Mono.fromFuture(client.shutdownAsync()))
        .then()
        .subscribeOn(Schedulers.boundedElastic());
  }

  @Override
  public boolean storesNull() {
    return false;
  }

  @Override
  public SqlDialect dialect() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Mono<Void> run(String statement) {
    throw new UnsupportedOperationException();
  }
}
