package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("server")
class SqlPreviewTest {

  private static final Schema READINGS =
      Schema.table("readings")
          .columns("id", "note")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final Path directory;

  SqlPreviewTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static List<Row> rows(long... ids) {
    List<Row> rows = new ArrayList<>();
    for (long id : ids) {
      rows.add(READINGS.row().set("id", id).set("note", "secret " + id));
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aPreviewShowsWhatWouldRunAndRunsNothing(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE readings (id BIGINT PRIMARY KEY, note VARCHAR(40))");

      SqlPreview preview = backend.preview(rows(2, 1, 2));

      assertThat(preview.rows()).isEqualTo(2);
      assertThat(preview.merged()).isEqualTo(1);
      assertThat(preview.statements())
          .singleElement()
          .satisfies(
              statement -> {
                assertThat(statement.rows()).isEqualTo(2);
                assertThat(statement.parameters()).isEqualTo(preview.values(0).size());
                assertThat(statement.sql()).containsIgnoringCase("readings");
              });
      assertThat(preview.toString()).doesNotContain("secret");
      assertThat(Arrays.deepToString(preview.values(0).toArray())).contains("secret 2");
      assertThat(backend.read("SELECT * FROM readings")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void theFingerprintTellsStatementsApartButNotTheirNumbersOfRows(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE readings (id BIGINT PRIMARY KEY, note VARCHAR(40))");
      String one = fingerprint(backend, rows(1));
      String many = fingerprint(backend, rows(1, 2, 3, 4));
      String other = fingerprint(backend, List.of(READINGS.row().set("id", 1L)));

      assertThat(one).isEqualTo(many).hasSize(16);
      assertThat(other).isNotEqualTo(one);
    }
  }

  private static String fingerprint(Backend backend, List<Row> rows) {
    return backend.preview(rows).statements().get(0).fingerprint();
  }
}
