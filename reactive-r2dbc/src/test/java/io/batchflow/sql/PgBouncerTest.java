package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * PostgreSQL behind a real pgbouncer in transaction mode. {@code
 * BATCHFLOW_TEST_PGBOUNCER_EXECUTABLE} names its executable. Its libraries must be in directories
 * beside it.
 */
@Tag("pgbouncer")
@Timeout(180)
@Tag("server")
class PgBouncerTest {

  private static final String EXECUTABLE = "BATCHFLOW_TEST_PGBOUNCER_EXECUTABLE";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path directory;
  private final TestDatabase database = TestDatabase.on(TestServers.postgres());
  private final Process pooler;
  private final TestServer pooled;

  PgBouncerTest(@TempDir Path directory) throws IOException, SQLException {
    this.directory = directory;
    TestServer server = TestServers.postgres();
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path configuration = directory.resolve("pgbouncer.ini");
    Files.write(
        configuration,
        List.of(
            "[databases]",
            "* = host=127.0.0.1 port=" + server.port() + " user=" + server.user(),
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            "listen_port = " + port,
            "unix_socket_dir =",
            "auth_type = any",
            "pool_mode = transaction",
            "default_pool_size = 1",
            "ignore_startup_parameters = extra_float_digits"));
    this.pooler = launch(configuration);
    this.pooled =
        new TestServer(
            "postgresql", "127.0.0.1", port, server.user(), "", database.server().database());
    awaitAnswer(port);
    run("CREATE TABLE events (id BIGINT PRIMARY KEY, v TEXT)");
  }

  private Process launch(Path configuration) throws IOException {
    Path binary = Path.of(System.getenv(EXECUTABLE));
    boolean root = System.getProperty("user.name").equals("root");
    ProcessBuilder builder =
        new ProcessBuilder(
            root
                ? List.of(binary.toString(), "-u", "nobody", configuration.toString())
                : List.of(binary.toString(), configuration.toString()));
    Path libraries = binary.resolveSibling("../lib");
    if (Files.isDirectory(libraries)) {
      try (var found = Files.list(libraries)) {
        builder
            .environment()
            .put("LD_LIBRARY_PATH", String.join(":", found.map(Path::toString).toList()));
      }
    }
    return builder
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  private void awaitAnswer(int port) throws IOException {
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        return;
      } catch (IOException notYet) {
        if (!pooler.isAlive()) {
          throw new IOException(
              "pgbouncer did not start: " + Files.readString(directory.resolve("log")), notYet);
        }
        Thread.onSpinWait();
      }
    }
  }

  @AfterEach
  void stop() throws SQLException {
    pooler.destroyForcibly().onExit().join();
    database.close();
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long count() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM events")) {
      count.next();
      return count.getLong(1);
    }
  }

  private static Schema events(ConflictStrategy strategy) {
    return Schema.table("events").columns("id", "v").conflictKey("id").onConflict(strategy).build();
  }

  private static Row row(Schema schema, long id) {
    return schema.row().set("id", id).set("v", "v" + id);
  }

  private BatchWriter r2dbc(String options) {
    return R2dbcBatchWriter.create(pooled.r2dbcUrl("postgresql", options));
  }

  private BatchWriter jdbc(String options) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(pooled.jdbcUrl("postgresql", options));
    return JdbcBatchWriter.create(source, Dialects.postgres());
  }

  private static void assertHint(BatchWriter writer, Throwable failure) {
    assertThat(failure)
        .isInstanceOf(SqlWriteException.class)
        .hasMessageContaining("pgbouncer in transaction mode")
        .hasMessageContaining("preparedStatementCacheQueries=0")
        .hasMessageContaining("prepareThreshold=0");
    assertThat(writer.failureClassifier().classify(failure)).isEqualTo(FailureKind.UNUSABLE);
  }

  private static Throwable failureOf(Mono<?> write) {
    Throwable failure =
        write.then(Mono.<Throwable>empty()).onErrorResume(Mono::just).block(PATIENCE);
    return failure == null ? new AssertionError("The write was to fail") : failure;
  }

  @Test
  void aStatementOfAnotherSessionIsNamedAsTheReason() throws SQLException {
    Schema schema = events(ConflictStrategy.UPDATE);
    BatchWriter first = r2dbc(null);
    BatchWriter second = r2dbc(null);
    first.write(Batch.of(List.of(row(schema, 1)))).block(PATIENCE);

    assertHint(second, failureOf(second.write(Batch.of(List.of(row(schema, 2))))));

    assertThat(count()).isEqualTo(1);
    first.close().block(PATIENCE);
    second.close().block(PATIENCE);
  }

  @Test
  void aJdbcStatementOfAnotherSessionIsNamedAsTheReason() throws SQLException {
    Schema schema = events(ConflictStrategy.UPDATE);
    BatchWriter first = jdbc("prepareThreshold=1");
    BatchWriter second = jdbc("prepareThreshold=1");
    first.write(Batch.of(List.of(row(schema, 1)))).block(PATIENCE);

    assertHint(second, failureOf(second.write(Batch.of(List.of(row(schema, 2))))));

    assertThat(count()).isEqualTo(1);
    first.close().block(PATIENCE);
    second.close().block(PATIENCE);
  }

  /** FAIL is written by COPY, the others by the statement. */
  @ParameterizedTest
  @EnumSource(ConflictStrategy.class)
  void theRecipeOfTheDocumentationWritesEveryRow(ConflictStrategy strategy) throws SQLException {
    BatchFlow flow =
        BatchFlow.builder(r2dbc("preparedStatementCacheQueries=0"))
            .concurrency(4)
            .defaultPolicy(BatchPolicy.builder().maxSize(100).build())
            .build();
    Schema schema = events(strategy);

    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.range(0, 5_000).map(id -> row(schema, id)))
            .collectList()
            .block(PATIENCE);

    assertThat(outcomes).hasSize(5_000).allMatch(Outcome::isWritten);
    assertThat(count()).isEqualTo(5_000);
    flow.close().block(PATIENCE);
  }

  @Test
  void theRecipeForJdbcWritesEveryRow() throws SQLException {
    Schema schema = events(ConflictStrategy.UPDATE);
    List<BatchWriter> writers = List.of(jdbc("prepareThreshold=0"), jdbc("prepareThreshold=0"));
    for (int round = 0; round < 20; round++) {
      int from = round * 10;
      for (BatchWriter writer : writers) {
        writer
            .write(
                Batch.of(IntStream.range(from, from + 10).mapToObj(id -> row(schema, id)).toList()))
            .block(PATIENCE);
      }
    }

    assertThat(count()).isEqualTo(200);
    writers.forEach(writer -> writer.close().block(PATIENCE));
  }
}
