package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import io.batchflow.testservers.RedisProcess;
import io.batchflow.testservers.TcpProxy;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.protocol.ProtocolVersion;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("server")
class ConnectionsTest {

  private static final Schema COUNTS = Schema.table("counts").columns("id", "n").build();

  private static final Schema TEXTS =
      Schema.table("texts")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.IGNORE)
          .build();

  private final Path directory;
  private final RedisProcess server;
  private final RedisClient beside;
  private final RedisCommands<String, String> redis;

  ConnectionsTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    this.server = RedisProcess.start(directory);
    this.beside = RedisClient.create(server.uri());
    this.redis = beside.connect().sync();
  }

  @AfterEach
  void cleanUp() {
    beside.shutdown();
    server.close();
  }

  private static RedisBatchWriter mapped(RedisBatchWriter.Builder builder) {
    return builder
        .map(COUNTS, RedisMapping.incrBy("{id}", "n"))
        .map(TEXTS, RedisMapping.set("{id}", "value"))
        .build();
  }

  private static Batch counts(int rows) {
    return new Batch(
        COUNTS,
        IntStream.range(0, rows).mapToObj(i -> COUNTS.row().set("id", "n").set("n", 1)).toList());
  }

  private static void assertWrites(RedisBatchWriter writer) {
    try {
      BatchResult result = writer.write(counts(10)).block(Sandbox.PATIENCE);
      assertThat(result).isNotNull();
      assertThat(result.rejected()).isEmpty();
    } finally {
      writer.close().block(Sandbox.PATIENCE);
    }
  }

  private static void assertFailed(
      RedisBatchWriter writer, @Nullable BatchResult result, int rows, FailureKind kind) {
    assertThat(result).isNotNull();
    assertThat(result.rejected().values())
        .hasSize(rows)
        .allSatisfy(
            failure -> assertThat(writer.failureClassifier().classify(failure)).isEqualTo(kind));
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  void bothProtocolsThroughAClientOfOnesOwn(ProtocolVersion protocol) {
    RedisClient client = RedisClient.create(server.uri());
    client.setOptions(RedisBatchWriter.clientOptions().protocolVersion(protocol).build());

    assertWrites(mapped(RedisBatchWriter.builder(client, RedisURI.create(server.uri()))));

    assertThat(redis.get("n")).isEqualTo("10");
    assertThat(client.connect().sync().ping()).isEqualTo("PONG");
    client.shutdown();
  }

  @Test
  void anotherDatabase() {
    assertWrites(mapped(RedisBatchWriter.builder(server.uri() + "/3")));

    assertThat(redis.get("n")).isNull();
    redis.select(3);
    assertThat(redis.get("n")).isEqualTo("10");
  }

  @Test
  void aUserOfItsAccessList() {
    redis.aclSetuser(
        "writer", AclSetuserArgs.Builder.on().addPassword("p@ss").allKeys().allCommands());

    assertWrites(
        mapped(RedisBatchWriter.builder("redis://writer:p%40ss@localhost:" + server.port())));

    assertThat(redis.get("n")).isEqualTo("10");
  }

  @Test
  void tls() throws Exception {
    X509Bundle certificate =
        new CertificateBuilder()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    File chain = certificate.toTempCertChainPem();
    int port = RedisProcess.freePort();
    try (RedisProcess encrypted =
        RedisProcess.start(
            directory,
            "--tls-port",
            String.valueOf(port),
            "--tls-cert-file",
            chain.getPath(),
            "--tls-key-file",
            certificate.toTempPrivateKeyPem().getPath(),
            "--tls-ca-cert-file",
            chain.getPath(),
            "--tls-auth-clients",
            "no")) {
      RedisURI uri = RedisURI.create("rediss://localhost:" + port);
      RedisClient client = RedisClient.create(uri);
      client.setOptions(
          RedisBatchWriter.clientOptions()
              .sslOptions(SslOptions.builder().trustManager(chain).build())
              .build());

      assertWrites(mapped(RedisBatchWriter.builder(client, uri)));

      client.shutdown();
      RedisClient plain = RedisClient.create(encrypted.uri());
      assertThat(plain.connect().sync().get("n")).isEqualTo("10");
      plain.shutdown();
    }
  }

  @Test
  void aClientThatWouldSendTwiceIsRejected() {
    RedisClient client = RedisClient.create(server.uri());
    RedisURI uri = RedisURI.create(server.uri());

    assertThatThrownBy(() -> mapped(RedisBatchWriter.builder(client, uri)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("commands again after a reconnect");
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .build());
    assertThatThrownBy(() -> mapped(RedisBatchWriter.builder(client, uri)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("has an unbounded queue");
    assertWrites(mapped(RedisBatchWriter.builder(client, uri).anyClientOptions()));
    client.shutdown();

    RedisClusterClient cluster = RedisClusterClient.create(server.uri());
    assertThatThrownBy(() -> mapped(RedisBatchWriter.builder(cluster)))
        .isInstanceOf(InvalidConfigurationException.class);
    cluster.setOptions(RedisBatchWriter.clusterClientOptions().build());
    assertThat(mapped(RedisBatchWriter.builder(cluster))).isNotNull();
    cluster.shutdown();
  }

  /** With the defaults of Lettuce the result would be 200 instead of 100, all acknowledged. */
  @Test
  void aConnectionThatIsLostBeforeTheAnswersCountsNothingTwice() throws IOException {
    try (TcpProxy proxy = TcpProxy.before("localhost", server.port())) {
      RedisBatchWriter writer =
          mapped(RedisBatchWriter.builder("redis://localhost:" + proxy.port()));
      writer.write(counts(1)).block(Sandbox.PATIENCE);
      proxy.swallowAnswers(true);
      Thread cut =
          new Thread(
              () -> {
                while (!"101".equals(redis.get("n"))) {
                  Thread.onSpinWait();
                }
                proxy.swallowAnswers(false);
                proxy.cut();
              });
      cut.start();

      BatchResult result = writer.write(counts(100)).block(Sandbox.PATIENCE);

      assertFailed(writer, result, 100, FailureKind.UNKNOWN);
      assertThat(redis.get("n")).isEqualTo("101");
      assertThat(writer.write(counts(1)).block(Sandbox.PATIENCE).rejected()).isEmpty();
      assertThat(redis.get("n")).isEqualTo("102");
      assertThat(writer.isRepeatable(counts(1))).isFalse();
      writer.close().block(Sandbox.PATIENCE);
    }
  }

  @Test
  void whatIsHarmlessToRepeatSaysSo() {
    RedisBatchWriter writer =
        RedisBatchWriter.builder(server.uri())
            .map(COUNTS, RedisMapping.incrBy("{id}", "n").repeatable())
            .map(TEXTS, RedisMapping.set("{id}", "value"))
            .build();

    assertThat(writer.isRepeatable(counts(1))).isTrue();
    assertThat(
            writer.isRepeatable(
                new Batch(TEXTS, List.of(TEXTS.row().set("id", 1).set("value", 1)))))
        .isTrue();
    writer.close().block(Sandbox.PATIENCE);
  }

  @Test
  void aServerThatIsNotThereIsTransientAndNothingIsSent() {
    server.kill();
    RedisBatchWriter writer = mapped(RedisBatchWriter.builder(server.uri()));

    BatchResult result = writer.write(counts(3)).block(Sandbox.PATIENCE);

    assertFailed(writer, result, 3, FailureKind.TRANSIENT);
    writer.close().block(Sandbox.PATIENCE);
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUpAtTheDeadline() throws IOException {
    RedisBatchWriter writer =
        mapped(RedisBatchWriter.builder(server.uri()).timeout(Duration.ofMillis(300)));
    writer.write(counts(1)).block(Sandbox.PATIENCE);
    server.freeze();

    BatchResult result = writer.write(counts(3)).block(Sandbox.PATIENCE);

    server.thaw();
    assertFailed(writer, result, 3, FailureKind.UNKNOWN);
    assertThat(writer.write(counts(1)).block(Sandbox.PATIENCE).rejected()).isEmpty();
    writer.close().block(Sandbox.PATIENCE);
  }

  @Test
  void aHandshakeThatIsNeverAnsweredIsGivenUpAtTheDeadlineToo() throws IOException {
    try (TcpProxy proxy = TcpProxy.before("localhost", server.port())) {
      proxy.swallowAnswers(true);
      RedisBatchWriter writer =
          mapped(
              RedisBatchWriter.builder("redis://localhost:" + proxy.port())
                  .timeout(Duration.ofMillis(300)));

      BatchResult lost = writer.write(counts(3)).block(Sandbox.PATIENCE);
      proxy.heal();
      BatchResult next = writer.write(counts(3)).block(Duration.ofSeconds(5));

      assertFailed(writer, lost, 3, FailureKind.TRANSIENT);
      assertThat(next).isNotNull();
      assertThat(next.rejected()).isEmpty();
      assertThat(redis.get("n")).isEqualTo("3");
      writer.close().block(Sandbox.PATIENCE);
    }
  }
}
