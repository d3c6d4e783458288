package io.batchflow.redis.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.lease.Lease;
import io.batchflow.lease.LeaseState;
import io.batchflow.testservers.TcpProxy;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** Leases on a real Redis. */
@Tag("server")
class RedisLeaseStoreTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(600);

  private final TestServer server = TestServers.redis();
  private final RedisClient client = RedisClient.create();
  private final String name = UUID.randomUUID().toString();
  private final StatefulRedisConnection<String, String> connection = connect(server);
  private final RedisLeaseStore store = RedisLeaseStore.create(connection.reactive());

  private StatefulRedisConnection<String, String> connect(TestServer to) {
    RedisURI.Builder uri = RedisURI.builder().withHost(to.host()).withPort(to.port());
    if (!to.password().isEmpty()) {
      uri.withPassword(to.password().toCharArray());
    }
    return client.connect(uri.build());
  }

  @AfterEach
  void close() {
    client.shutdown();
  }

  @Test
  void oneHolderAtATimeAndEachTokenIsLarger() {
    long first = store.acquire(name, "one", LONG).block();

    assertThat(store.acquire(name, "two", LONG).block()).isNull();
    Map<String, String> stored = connection.sync().hgetall(RedisLeaseStore.keyOf(name));
    assertThat(stored).containsOnly(Map.entry("token", "" + first), Map.entry("holder", "one"));
    assertThat(store.renew(name, first, LONG).block()).isTrue();
    assertThat(store.renew(name, first - 1, LONG).block()).isFalse();
    store.release(name, first - 1).block();
    assertThat(store.acquire(name, "two", LONG).block()).isNull();

    store.release(name, first).block();
    long second = store.acquire(name, "two", LONG).block();
    assertThat(second).isGreaterThan(first);
    assertThat(store.renew(name, first, LONG).block()).isFalse();
  }

  @Test
  void tokensGrowEvenIfTheDataIsLost() {
    long first = store.acquire(name, "one", LONG).block();
    connection.sync().del(RedisLeaseStore.keyOf(name), RedisLeaseStore.keyOf(name) + ":last");

    assertThat(store.acquire(name, "two", LONG).block()).isGreaterThan(first);
  }

  @Test
  void aHolderWhoseConnectionStallsIsReplaced() throws Exception {
    BlockingQueue<LeaseState> first = new LinkedBlockingQueue<>();
    BlockingQueue<LeaseState> second = new LinkedBlockingQueue<>();
    try (TcpProxy proxy = TcpProxy.before(server.host(), server.port())) {
      RedisLeaseStore behindProxy =
          RedisLeaseStore.create(connect(server.withPort(proxy.port())).reactive());
      Disposable holder = lease(behindProxy).states().subscribe(first::add);
      LeaseState held = first.poll(30, TimeUnit.SECONDS);
      Disposable competitor = lease(store).states().subscribe(second::add);
      proxy.stall(true);

      LeaseState lost = first.poll(30, TimeUnit.SECONDS);
      LeaseState next = second.poll(30, TimeUnit.SECONDS);
      holder.dispose();
      competitor.dispose();

      assertThat(held.isHeld()).isTrue();
      assertThat(lost.isHeld()).isFalse();
      assertThat(next.token()).isGreaterThan(held.token());
    }
  }

  private Lease lease(RedisLeaseStore of) {
    return Lease.builder(of, name).ttl(SHORT).skew(Duration.ofMillis(100)).build();
  }
}
