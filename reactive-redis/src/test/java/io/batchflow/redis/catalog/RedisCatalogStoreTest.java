package io.batchflow.redis.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableSettings;
import io.batchflow.catalog.TableStatus;
import io.batchflow.contract.CatalogStoreContract;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The catalog in Redis keeps the contract. */
@Tag("server")
class RedisCatalogStoreTest extends CatalogStoreContract {

  private final TestServer server = TestServers.redis();
  private final RedisClient client = RedisClient.create();
  private String name = "";

  @Override
  protected void createCatalog() {
    name = UUID.randomUUID().toString();
  }

  private StatefulRedisConnection<String, String> connect() {
    RedisURI.Builder uri = RedisURI.builder().withHost(server.host()).withPort(server.port());
    if (!server.password().isEmpty()) {
      uri.withPassword(server.password().toCharArray());
    }
    return client.connect(uri.build());
  }

  @Override
  protected CatalogStore openStore() {
    return RedisCatalogStore.create(connect().reactive(), name);
  }

  @Override
  protected void removeCatalog() {
    String prefix = "batchflow:catalog:{" + name + "}:";
    connect().sync().del(prefix + "generation", prefix + "tables");
    client.shutdown();
  }

  @Test
  void generationsGrowEvenIfTheDataIsLost() {
    CatalogStore store = openStore();
    TableInfo table =
        new TableInfo(
            "orders", TableStatus.ACTIVE, TableSettings.none(), 0, Instant.EPOCH, Instant.EPOCH);
    long first = store.insert(table, 10).block().generation();
    String prefix = "batchflow:catalog:{" + name + "}:";
    connect().sync().del(prefix + "generation", prefix + "tables");

    assertThat(store.insert(table, 10).block().generation()).isGreaterThan(first);
  }
}
