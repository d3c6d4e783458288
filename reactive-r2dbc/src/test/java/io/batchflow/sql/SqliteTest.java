package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

class SqliteTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path directory;

  SqliteTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void aWriteWaitsForAnotherProcessThatHoldsTheLockForSecondsAndThenSucceeds()
      throws IOException, SQLException, InterruptedException {
    String file = directory.resolve("shared.db").toString();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE events (id INTEGER)");
    }
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                file)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
    assertThat(output.readLine()).isEqualTo("held");

    Schema schema = Schema.table("events").columns("id").build();
    BatchWriter writer = JdbcBatchWriter.create(Backend.sqliteSource("jdbc:sqlite:" + file));
    Mono<BatchResult> write =
        writer.write(new Batch(schema, List.of(schema.row().set("id", 1)))).cache();
    write.subscribe();
    Mono.delay(Duration.ofSeconds(2)).block(PATIENCE);
    boolean waited = holder.isAlive();
    holder.getOutputStream().close();

    assertThat(write.block(PATIENCE).affectedRows()).isEqualTo(1);
    assertThat(waited).isTrue();
    assertThat(holder.waitFor()).isZero();
    writer.close().block(PATIENCE);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        var result = statement.executeQuery("SELECT count(*) FROM events")) {
      assertThat(result.getInt(1)).isEqualTo(2);
    }
  }

  @Test
  void aStrictTableTakesValuesOfItsTypesAndRejectsOthersByTheirRow() {
    Schema schema =
        Schema.table("strict_rows")
            .columns("id", "name", "size", "body")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    try (Backend backend = Backend.Kind.SQLITE_FILE.open(directory)) {
      backend.run(
          "CREATE TABLE strict_rows (id INTEGER PRIMARY KEY, name TEXT, size REAL, body BLOB)"
              + " STRICT");
      backend.write(
          schema.row().set("id", 1).set("name", "a").set("size", 0.5).set("body", new byte[3]));
      assertThat(backend.kindOf(schema.row().set("id", 2).set("size", "large")))
          .isEqualTo(FailureKind.DATA);
      assertThat(backend.kindOf(schema.row().set("id", 3).set("body", "text")))
          .isEqualTo(FailureKind.DATA);
      assertThat(backend.read("SELECT id, name, size, length(body) FROM strict_rows"))
          .containsExactly(List.of(1L, "a", 0.5, 3L));
    }
  }

  /** The driver closes the statement of the first, and would not bind the values of the second. */
  @Test
  void aSecondRowOfAWrongTypeIsRejectedAsTheFirst() {
    Schema schema = Schema.table("t").columns("id").build();
    try (Backend backend = Backend.Kind.SQLITE_MEMORY.open(directory)) {
      backend.run("CREATE TABLE t (id INTEGER PRIMARY KEY)");

      assertThat(
              List.of(
                  backend.kindOf(schema.row().set("id", "a")),
                  backend.kindOf(schema.row().set("id", "b"))))
          .containsOnly(FailureKind.DATA);
    }
  }

  @Test
  void jsonIsStoredAsTheTextThatSqliteReadsIt() {
    Schema schema = Schema.table("documents").columns("body").build();
    try (Backend backend = Backend.Kind.SQLITE_MEMORY.open(directory)) {
      backend.run("CREATE TABLE documents (body TEXT CHECK (json_valid(body)))");
      backend.write(schema.row().set("body", "{\"name\": \"\\u00e9 \uD83D\uDE00\"}"));
      assertThat(backend.read("SELECT json_extract(body, '$.name') FROM documents"))
          .containsExactly(List.of("é \uD83D\uDE00"));
      assertThat(backend.kindOf(schema.row().set("body", "{"))).isEqualTo(FailureKind.DATA);
    }
  }
}
