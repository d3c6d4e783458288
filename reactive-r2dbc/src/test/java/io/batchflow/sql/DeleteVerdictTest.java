package io.batchflow.sql;

import static io.batchflow.RowVerdict.ABSENT;
import static io.batchflow.RowVerdict.DELETED;
import static io.batchflow.RowVerdict.INSERTED;
import static io.batchflow.RowVerdict.WRITTEN;
import static io.batchflow.sql.DeleteTest.createItems;
import static io.batchflow.sql.DeleteTest.delete;
import static io.batchflow.sql.DeleteTest.items;
import static io.batchflow.sql.DeleteTest.merged;
import static io.batchflow.sql.DeleteTest.store;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether the caller of a delete is told that its key was there. */
@Tag("server")
class DeleteVerdictTest {

  private final Path directory;

  DeleteVerdictTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static List<RowVerdict> verdicts(Backend backend, Row... rows) {
    Batch batch = merged(backend, List.of(rows));
    return backend.write(new Batch(batch.schema(), batch.rows(), true)).verdicts();
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"POSTGRES", "POSTGRES_JDBC", "SQLITE_MEMORY", "SQLITE_FILE"})
  void aDeleteIsToldWhetherItsKeyWasThere(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      createItems(backend);
      Schema schema = items(ConflictStrategy.UPDATE);
      assertThat(
              verdicts(
                  backend,
                  delete(schema, "a", 1),
                  delete(schema, "a", 7),
                  store(schema, "c", 1, 1),
                  delete(schema, "b", 1)))
          .containsExactly(DELETED, ABSENT, DELETED, INSERTED);
    }
  }

  /** The count of a statement tells if all keys were there, or none. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aDeleteOfAllKeysOrOfNoneIsCertainEverywhere(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      createItems(backend);
      Schema schema = items(ConflictStrategy.UPDATE);
      assertThat(verdicts(backend, delete(schema, "a", 7), delete(schema, "c", 7)))
          .containsExactly(ABSENT, ABSENT);
      assertThat(verdicts(backend, delete(schema, "a", 1), delete(schema, "c", 7)))
          .isIn(List.of(DELETED, ABSENT), List.of(WRITTEN, WRITTEN));
      assertThat(verdicts(backend, delete(schema, "a", 2), delete(schema, "b", 1)))
          .containsExactly(DELETED, DELETED);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"POSTGRES", "POSTGRES_JDBC"})
  void nothingIsToldIfATriggerMayKeepARow(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      createItems(backend);
      backend.run(
          "CREATE FUNCTION keep() RETURNS trigger AS 'BEGIN RETURN NULL; END' LANGUAGE plpgsql",
          "CREATE TRIGGER keep BEFORE DELETE ON items FOR EACH ROW EXECUTE FUNCTION keep()");
      Schema schema = items(ConflictStrategy.UPDATE);
      assertThat(verdicts(backend, delete(schema, "a", 1))).containsExactly(WRITTEN);
    }
  }
}
