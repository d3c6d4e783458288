package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.stats.ConnectionStats;
import io.r2dbc.h2.H2ConnectionConfiguration;
import io.r2dbc.h2.H2ConnectionFactory;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ValidationDepth;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

@Tag("server")
class LifecycleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  private static Batch event(int id) {
    return new Batch(EVENTS, List.of(EVENTS.row().set("id", id)));
  }

  private static List<Thread> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .toList();
  }

  /** A pool reports its end shortly before its last thread ends. */
  private static void verifyThatTheyEnd(List<Thread> threads) {
    for (Thread thread : threads) {
      assertThatCode(() -> thread.join(PATIENCE.toMillis())).doesNotThrowAnyException();
      StackTraceElement[] at = thread.getStackTrace();
      assertThat(thread.isAlive()).as("%s at %s", thread, List.of(at)).isFalse();
    }
  }

  private static JdbcDataSource h2(String name) throws SQLException {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
    try (java.sql.Connection connection = source.getConnection();
        java.sql.Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE events (id INTEGER)");
    }
    return source;
  }

  private static ConnectionFactory r2dbcH2(String name) {
    return new H2ConnectionFactory(H2ConnectionConfiguration.builder().inMemory(name).build());
  }

  private static long sessions(JdbcDataSource source) throws SQLException {
    try (java.sql.Connection connection = source.getConnection();
        java.sql.Statement statement = connection.createStatement();
        java.sql.ResultSet result =
            statement.executeQuery("SELECT COUNT(*) - 1 FROM INFORMATION_SCHEMA.SESSIONS")) {
      result.next();
      return result.getLong(1);
    }
  }

  @Test
  void closingAnR2dbcWriterFreesItsConnectionsAndThreads() throws SQLException {
    String name = UUID.randomUUID().toString();
    JdbcDataSource source = h2(name);
    BatchWriter writer = R2dbcBatchWriter.create(r2dbcH2(name));
    StepVerifier.create(Flux.range(0, 50).flatMap(id -> writer.write(event(id)), 8))
        .expectNextCount(50)
        .verifyComplete();
    assertThat(sessions(source)).isBetween(1L, 10L);
    List<Thread> threads = threads("batchflow-r2dbc-h2");
    assertThat(threads).hasSizeBetween(1, 10);

    writer.close().block(PATIENCE);

    assertThat(sessions(source)).isZero();
    verifyThatTheyEnd(threads);
  }

  @Test
  void aClosedWriterLeavesNoThreadThatHoldsUpTheEndOfTheJvm() throws SQLException {
    String name = UUID.randomUUID().toString();
    JdbcDataSource source = h2(name);
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    for (BatchWriter writer :
        List.of(R2dbcBatchWriter.create(r2dbcH2(name)), JdbcBatchWriter.create(source))) {
      writer.write(event(1)).block(PATIENCE);
      writer.close().block(PATIENCE);
    }

    assertThat(threads(""))
        .filteredOn(thread -> !before.contains(thread))
        .allMatch(Thread::isDaemon);
  }

  @Test
  void aPoolHandedInIsUsedAsItIsAndStaysOpen() throws SQLException {
    String name = UUID.randomUUID().toString();
    JdbcDataSource source = h2(name);
    ConnectionPool pool =
        new ConnectionPool(
            ConnectionPoolConfiguration.builder(r2dbcH2(name)).initialSize(0).maxSize(2).build());
    BatchWriter writer = R2dbcBatchWriter.create(pool);
    StepVerifier.create(Flux.range(0, 50).flatMap(id -> writer.write(event(id)), 8))
        .expectNextCount(50)
        .verifyComplete();
    assertThat(sessions(source)).isBetween(1L, 2L);

    writer.close().block(PATIENCE);

    verifyThatTheyEnd(threads("batchflow-r2dbc-h2"));
    assertThat(pool.isDisposed()).isFalse();
    Mono.usingWhen(
            pool.create(),
            connection -> Mono.from(connection.validate(ValidationDepth.REMOTE)),
            Connection::close)
        .block(PATIENCE);
    pool.disposeLater().block(PATIENCE);
  }

  @Test
  void closingAJdbcWriterFreesItsConnectionAndThreadAfterTheWritesBefore() throws SQLException {
    JdbcDataSource source = h2(UUID.randomUUID().toString());
    BatchWriter writer = JdbcBatchWriter.create(source);
    List<Mono<?>> writes =
        IntStream.range(0, 50).<Mono<?>>mapToObj(id -> writer.write(event(id)).cache()).toList();
    writes.forEach(Mono::subscribe);

    writer.close().block(PATIENCE);

    assertThat(sessions(source)).isZero();
    verifyThatTheyEnd(threads("batchflow-jdbc"));
    writes.forEach(write -> StepVerifier.create(write).expectNextCount(1).verifyComplete());
  }

  @Test
  void aJdbcWriterKeepsOneConnectionAndOneThread() throws SQLException {
    JdbcDataSource source = h2(UUID.randomUUID().toString());
    BatchWriter writer = JdbcBatchWriter.create(source);
    assertThat(sessions(source)).isZero();
    for (int round = 0; round < 3; round++) {
      StepVerifier.create(Flux.range(0, 50).flatMap(id -> writer.write(event(id)), 8))
          .expectNextCount(50)
          .verifyComplete();
      assertThat(sessions(source)).isOne();
      assertThat(threads("batchflow-jdbc")).hasSize(1);
    }
    writer.close().block(PATIENCE);
  }

  @Test
  void aWriterTellsWhatItsConnectionsDo(@TempDir Path directory) {
    try (Backend backend = Backend.Kind.POSTGRES.open(directory)) {
      assertThat(backend.writer().connections()).isEqualTo(new ConnectionStats(0, 0, 0, 64));
      backend.run("CREATE TABLE events (id INTEGER PRIMARY KEY)");
      Schema events = Schema.table("events").columns("id").build();
      backend.write(events.row().set("id", 1));
      Mono.fromSupplier(() -> backend.writer().connections())
          .filter(connections -> connections.equals(new ConnectionStats(0, 1, 0, 64)))
          .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(5)))
          .block(Duration.ofMinutes(1));
    }
  }

  @Test
  void aWriterThatWroteNothingCloses() throws SQLException {
    String name = UUID.randomUUID().toString();
    BatchWriter jdbc = JdbcBatchWriter.create(h2(name));
    BatchWriter r2dbc = R2dbcBatchWriter.create(r2dbcH2(name));
    StepVerifier.create(jdbc.close()).expectComplete().verify(PATIENCE);
    StepVerifier.create(r2dbc.close()).expectComplete().verify(PATIENCE);
  }

  @Test
  void aConnectionThatBreaksIsOpenedAnew() throws SQLException {
    JdbcDataSource source = h2(UUID.randomUUID().toString());
    BatchWriter writer = JdbcBatchWriter.create(source);
    writer.write(event(1)).block(PATIENCE);
    try (java.sql.Connection connection = source.getConnection();
        java.sql.Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT ABORT_SESSION(SESSION_ID) FROM INFORMATION_SCHEMA.SESSIONS"
              + " WHERE SESSION_ID <> SESSION_ID()");
    }
    StepVerifier.create(writer.write(event(2)))
        .verifyErrorSatisfies(
            failure ->
                assertThat(writer.failureClassifier().classify(failure))
                    .isEqualTo(FailureKind.UNKNOWN));
    StepVerifier.create(writer.write(event(2))).expectNextCount(1).verifyComplete();
    writer.close().block(PATIENCE);
  }

  /**
   * A flow cancels a write only when it gives up. All rows of the batch are then stored, or none.
   */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aWriteThatIsGivenUpIsWholeOrNotAndTheNextIsNotHarmed(
      Backend.Kind kind, @TempDir Path directory) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE events (id INTEGER)");
      List<Row> rows =
          IntStream.range(0, 20_000).mapToObj(id -> EVENTS.row().set("id", id)).toList();
      backend.writer().write(new Batch(EVENTS, rows)).subscribe().dispose();

      BatchResult next =
          backend
              .writer()
              .write(new Batch(EVENTS, List.of(EVENTS.row().set("id", -1))))
              // In memory, SQLite reports the lock of the cancelled write at once.
              .retryWhen(Retry.fixedDelay(500, Duration.ofMillis(10)))
              .block(PATIENCE);

      assertThat(next).isNotNull();
      assertThat(
              Flux.interval(Duration.ofMillis(10), Schedulers.boundedElastic())
                  .map(tick -> backend.read("SELECT COUNT(*) FROM events WHERE id = -1"))
                  .filter(List.of(List.<Object>of(1L))::equals)
                  .blockFirst(PATIENCE))
          .isNotNull();
      assertThat(backend.read("SELECT COUNT(*) FROM events WHERE id >= 0"))
          .isIn(List.of(List.<Object>of(0L)), List.of(List.<Object>of(20_000L)));
    }
  }
}
