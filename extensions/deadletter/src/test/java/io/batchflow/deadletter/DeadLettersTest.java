package io.batchflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Flux;

/** A table of dead letters in the same real database as the table that rejects rows. */
class DeadLettersTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Schema LETTERS = DeadLetters.schema("dead_letters");
  private static final Schema ORDERS =
      Schema.table("orders").columns("id", "amount", "note").build();

  private final String url;
  private BatchFlow letters;
  private BatchFlow flow;

  DeadLettersTest(@TempDir Path directory) {
    this.url = "jdbc:sqlite:" + directory.resolve("orders.db");
  }

  @BeforeEach
  void open() throws SQLException {
    run(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, amount INTEGER CHECK (amount > 0), note TEXT)");
    run(
        "CREATE TABLE dead_letters (id VARCHAR(36) PRIMARY KEY, rejected_at VARCHAR(27) NOT NULL,"
            + " table_name VARCHAR(200) NOT NULL, reason VARCHAR(100) NOT NULL, attempts INTEGER"
            + " NOT NULL, letter TEXT NOT NULL)");
    letters = BatchFlow.builder(writer()).build();
    flow = BatchFlow.builder(writer()).deadLetter(DeadLetters.through(letters, LETTERS)).build();
  }

  @AfterEach
  void close() {
    flow.close().block(PATIENCE);
    letters.close().block(PATIENCE);
  }

  private JdbcBatchWriter writer() {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl(url);
    return JdbcBatchWriter.create(source, Dialects.sqlite());
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(result.getString(1));
      }
      return rows;
    }
  }

  private static Row order(int id) {
    return ORDERS.row().set("id", id).set("amount", id % 100 == 0 ? -1 : id).set("note", "é" + id);
  }

  private List<DeadLetter> stored() throws SQLException {
    return query("SELECT letter FROM dead_letters ORDER BY rejected_at").stream()
        .map(DeadLetter::parse)
        .toList();
  }

  @Test
  void aRejectedRowIsInTheTableBeforeItsCallerLearnsOfIt() throws SQLException {
    Instant before = Instant.now();
    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.range(1, 1_000).map(DeadLettersTest::order))
            .collectList()
            .block(PATIENCE);

    assertThat(outcomes).filteredOn(outcome -> !outcome.isWritten()).hasSize(10);
    assertThat(flow.stats().deadLetters()).isEqualTo(10);
    assertThat(stored())
        .hasSize(10)
        .allSatisfy(
            letter -> {
              assertThat(letter.toRow(ORDERS).value("amount")).isEqualTo(-1);
              assertThat(letter.cause()).contains("CHECK constraint failed");
              assertThat(letter.time()).isBetween(before, Instant.now());
            });
    assertThat(
            query(
                "SELECT COUNT(*) FROM dead_letters WHERE table_name = 'orders' AND rejected_at >= '"
                    + DeadLetters.text(before)
                    + "'"))
        .containsExactly("10");
  }

  @Test
  void lettersAreWrittenWhenTheCauseIsGone() throws SQLException {
    flow.submitAll(Flux.range(1, 1_000).map(DeadLettersTest::order)).blockLast(PATIENCE);
    run("ALTER TABLE orders RENAME TO strict_orders");
    run("CREATE TABLE orders (id INTEGER PRIMARY KEY, amount INTEGER, note TEXT)");

    List<DeadLetters.Replayed> replayed =
        DeadLetters.replay(Flux.fromIterable(stored()), letter -> ORDERS, flow)
            .collectList()
            .block(PATIENCE);

    assertThat(replayed).hasSize(10).allMatch(DeadLetters.Replayed::isWritten);
    assertThat(query("SELECT note FROM orders ORDER BY id")).startsWith("é100", "é200").hasSize(10);
  }

  @Test
  void lettersThatAreRejectedAgainOrFitNoSchemaHaveAReason() throws SQLException {
    flow.submitAll(Flux.range(100, 1).map(DeadLettersTest::order)).blockLast(PATIENCE);
    Schema narrow = Schema.table("orders").columns("id").build();

    assertThat(
            DeadLetters.replay(Flux.fromIterable(stored()), letter -> ORDERS, flow)
                .blockLast(PATIENCE)
                .error())
        .isInstanceOf(io.batchflow.RowRejectedException.class);
    assertThat(
            DeadLetters.replay(Flux.fromIterable(stored()), letter -> narrow, flow)
                .blockLast(PATIENCE)
                .error())
        .isInstanceOf(DeadLetterFormatException.class)
        .hasMessageContaining("'amount'");
    assertThat(
            DeadLetters.replay(Flux.fromIterable(stored()), letter -> null, flow)
                .blockLast(PATIENCE))
        .isNull();
  }
}
