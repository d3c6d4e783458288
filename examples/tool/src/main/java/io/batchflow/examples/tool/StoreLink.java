package io.batchflow.examples.tool;

import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.MemoryCatalogStore;
import io.batchflow.examples.Reason;
import io.batchflow.r2dbc.catalog.R2dbcCatalogStore;
import io.batchflow.redis.RedisBatchWriter;
import io.batchflow.redis.catalog.RedisCatalogStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The store of a catalog, with what it needs.
 *
 * @param where the URL without its password
 * @param init creates what the store needs in its database
 * @param inMemory whether the catalog ends with this process
 */
record StoreLink(CatalogStore store, String where, Mono<Void> init, boolean inMemory, Runnable end)
    implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Opens a store. */
  static StoreLink open(String url, @Nullable String password, String name) {
    String where = Reason.withoutCredentials(url);
    if (url.equals("memory")) {
      return new StoreLink(MemoryCatalogStore.create(), where, Mono.empty(), true, () -> {});
    }
    if (Databases.isUrl(url)) {
      R2dbcCatalogStore store = R2dbcCatalogStore.create(Databases.of(url, password));
      return new StoreLink(store, where, store.createTables(), false, () -> {});
    }
    if (url.startsWith("redis://") || url.startsWith("rediss://")) {
      return redis(where, uri(url, where, password), name);
    }
    throw ToolException.usage(
        "The catalog '"
            + where
            + "' is unknown. Give memory, an R2DBC URL such as"
            + " r2dbc:postgresql://user@host/database, or redis://host:6379.");
  }

  private static StoreLink redis(String where, RedisURI uri, String name) {
    RedisClient client = RedisClient.create();
    client.setOptions(RedisBatchWriter.clientOptions().build());
    try {
      CatalogStore store = RedisCatalogStore.create(client.connect(uri).reactive(), name);
      return new StoreLink(store, where, Mono.empty(), false, () -> shutdown(client));
    } catch (RuntimeException failure) {
      shutdown(client);
      throw failure;
    }
  }

  private static void shutdown(RedisClient client) {
    client.shutdown(0, PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static RedisURI uri(String url, String where, @Nullable String password) {
    try {
      RedisURI uri = RedisURI.create(url);
      uri.setTimeout(PATIENCE);
      if (password != null) {
        // Lettuce takes a user without a password for a password.
        String info = URI.create(url).getUserInfo();
        String user = info == null ? null : info.replaceFirst(":.*", "");
        uri.setCredentialsProvider(
            RedisCredentialsProvider.from(() -> RedisCredentials.just(user, password)));
      }
      return uri;
    } catch (RuntimeException wrong) {
      // Its own message may quote the password.
      throw ToolException.usage(
          "'" + where + "' is not a URL of Redis. Give one such as redis://user@host:6379/0.");
    }
  }

  @Override
  public void close() {
    end.run();
  }
}
