package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.testservers.TcpProxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/**
 * A driver that waits for an answer that never arrives, and can be neither cancelled nor aborted.
 */
class JdbcHangTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Schema ITEMS =
      Schema.table("items")
          .columns("id", "name")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final Path directory;
  private Server server;
  private TcpProxy proxy;
  private JdbcBatchWriter writer;

  JdbcHangTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeEach
  void open() throws Exception {
    server =
        Server.createTcpServer("-ifNotExists", "-tcpPort", "0", "-baseDir", directory.toString())
            .start();
    proxy = TcpProxy.before("localhost", server.getPort());
    execute("CREATE TABLE items (id BIGINT PRIMARY KEY, name VARCHAR(20))");
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(url(proxy.port()));
    writer = JdbcBatchWriter.create(source, Dialects.h2());
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
    writer.close().block(PATIENCE);
    server.stop();
  }

  private static String url(int port) {
    return "jdbc:h2:tcp://localhost:" + port + "/./hang";
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(url(server.getPort()));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long stored() throws Exception {
    try (Connection connection = DriverManager.getConnection(url(server.getPort()));
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM items")) {
      count.next();
      return count.getLong(1);
    }
  }

  private static Row item(long id) {
    return ITEMS.row().set("id", id).set("name", "n" + id);
  }

  private static Batch batch(long id) {
    return new Batch(ITEMS, List.of(item(id)));
  }

  @Test
  void anotherThreadAndConnectionGoOn() throws Exception {
    BatchFlow flow =
        BatchFlow.builder(writer)
            .writeTimeout(Duration.ofMillis(300))
            .writeGrace(Duration.ofMillis(100))
            .retry(Retry.fixedDelay(20, Duration.ofMillis(50)))
            .build();
    assertThat(flow.submit(item(1)).block(PATIENCE)).isNotNull();

    proxy.swallowAnswers(true);
    List<Outcome<Row>> outcomes = new ArrayList<>();
    Disposable load =
        flow.submitAll(Flux.range(2, 100).map(id -> item(id))).subscribe(outcomes::add);
    while (flow.stats().retries() == 0) {
      Thread.onSpinWait();
    }
    // Earlier connections stay as they are: a thread that waits on one waits forever.
    proxy.heal();
    flow.close().block(PATIENCE);

    assertThat(load.isDisposed()).isTrue();
    assertThat(outcomes).hasSize(100).allMatch(Outcome::isWritten);
    assertThat(stored()).isEqualTo(101);
  }

  @Test
  void whatWaitsForItsTurnIsNotSentWhenItIsInterrupted() throws Exception {
    writer.write(batch(1)).block(PATIENCE);
    proxy.swallowAnswers(true);
    Disposable hanging = writer.write(batch(2)).subscribe();
    Batch waiting = batch(3);
    List<Throwable> failures = new ArrayList<>();
    writer.write(waiting).subscribe(written -> {}, failures::add);

    writer.interrupt(waiting).block(PATIENCE);

    assertThat(failures)
        .singleElement()
        .satisfies(
            failure ->
                assertThat(writer.failureClassifier().classify(failure))
                    .isEqualTo(FailureKind.TRANSIENT));
    proxy.heal();
    hanging.dispose();
    writer.write(batch(4)).block(PATIENCE);
    assertThat(stored()).isBetween(2L, 3L); // the outcome of the second is unknown
  }
}
