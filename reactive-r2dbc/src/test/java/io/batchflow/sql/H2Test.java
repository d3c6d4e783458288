package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.Request;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class H2Test {

  private static final int MORE_THAN_AN_ARRAY_HOLDS = 65_537;

  private final Path directory;

  H2Test(@TempDir Path directory) {
    this.directory = directory;
  }

  private static List<Request> rows(Schema schema) {
    return IntStream.range(0, MORE_THAN_AN_ARRAY_HOLDS)
        .mapToObj(id -> schema.request().set("id", id).set("name", "n" + id))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void aBatchThatAnArrayCannotHoldBecomesTwoStatementsOfOneText(ConflictStrategy strategy) {
    Schema schema =
        Schema.table("people").columns("id", "name").conflictKey("id").onConflict(strategy).build();
    List<Request> rows = rows(schema);
    try (Backend backend = Backend.Kind.H2_MEMORY.open(directory)) {
      backend.run("CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(10))");

      assertThat(backend.preview(rows).statements())
          .extracting(SqlPreview.Statement::rows)
          .containsExactly(MORE_THAN_AN_ARRAY_HOLDS - 1, 1);
      assertThat(backend.preview(rows).statements())
          .extracting(SqlPreview.Statement::sql)
          .satisfies(texts -> assertThat(texts.get(0)).isEqualTo(texts.get(1)));
      backend.write(rows);

      assertThat(backend.read("SELECT COUNT(*), COUNT(DISTINCT id), MAX(name) FROM people"))
          .containsExactly(List.of(65_537L, 65_537L, "n9999"));
    }
  }
}
