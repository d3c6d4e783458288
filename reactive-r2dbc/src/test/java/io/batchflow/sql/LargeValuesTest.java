package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("server")
class LargeValuesTest {

  private static final int MIB = 1 << 20;

  private final Path directory;

  LargeValuesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Schema files() {
    return Schema.table("files")
        .columns("id", "title", "body")
        .conflictKey("id")
        .onConflict(ConflictStrategy.UPDATE)
        .build();
  }

  private static void createTable(Backend backend, Backend.Kind kind) {
    String text = kind.isMySql() ? "LONGTEXT CHARACTER SET utf8mb4" : "TEXT";
    String bytes = kind.isPostgres() ? "BYTEA" : "BLOB";
    backend.run(
        "CREATE TABLE files (id BIGINT PRIMARY KEY, title "
            + text
            + ", body "
            + (kind.isMySql() ? "LONG" : "")
            + bytes
            + ")");
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aTextOfOneMebibyteAndABlobOfSixteenComeBackAsTheyWent(Backend.Kind kind) throws Exception {
    byte[] body = new byte[16 * MIB];
    new Random(7).nextBytes(body);
    String title = "'\\\"\u00e9\u8868\uD83D\uDE00 ".repeat(MIB / 8);
    Schema schema = files();
    try (Backend backend = kind.open(directory)) {
      createTable(backend, kind);
      backend.write(schema.row().set("id", 1L).set("title", title).set("body", body));
      try (var statement = backend.connection().createStatement();
          var result = statement.executeQuery("SELECT title, body FROM files")) {
        assertThat(result.next()).isTrue();
        assertThat(result.getString(1).equals(title)).isTrue();
        assertThat(result.getBytes(2)).isEqualTo(body);
      }
    }
  }

  /** More than the server accepts in one packet. Without a split it would close the connection. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#mySqlKinds")
  void aBatchLargerThanAPacketIsSplitAndARowLargerThanOneIsRejected(Backend.Kind kind) {
    Schema schema = files();
    try (Backend backend = kind.open(directory)) {
      createTable(backend, kind);
      List<Row> rows = new ArrayList<>();
      for (long id = 0; id < 10; id++) {
        rows.add(schema.row().set("id", id).set("body", new byte[8 * MIB]));
      }
      backend.write(rows);
      assertThat(backend.read("SELECT COUNT(*), SUM(LENGTH(body)) FROM files").get(0).get(0))
          .isEqualTo(10L);

      Row large = schema.row().set("id", 99L).set("body", new byte[65 * MIB]);
      assertThat(backend.failureOf(large))
          .isInstanceOfSatisfying(
              SqlWriteException.class,
              failure -> assertThat(failure.kind()).isEqualTo(FailureKind.INVALID))
          .hasMessageContaining("max_allowed_packet");
    }
  }
}
