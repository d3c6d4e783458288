package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BackendError;
import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** A duplicate key is told apart from other failures, on every database and by every driver. */
@Tag("server")
class DuplicateKeyTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Schema USERS = Schema.table("users").columns("id", "email", "age").build();

  private static final Schema UPSERTS =
      Schema.table("users")
          .columns("id", "email", "age")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  @TempDir private Path directory;

  private Backend open(Backend.Kind kind) {
    Backend backend = kind.open(directory);
    backend.run(
        "CREATE TABLE users (id BIGINT PRIMARY KEY, email VARCHAR(100) NOT NULL,"
            + " age INT CHECK (age >= 0))");
    backend.run("CREATE UNIQUE INDEX users_email ON users (email)");
    return backend;
  }

  private static Row user(Schema schema, long id, String email, int age) {
    return schema.row().set("id", id).set("email", email).set("age", age);
  }

  /** Failures among rows that are fine, so that batches are searched for them. */
  private static List<BatchFlowException> failures(Backend backend, Row... bad) {
    List<Row> rows = new ArrayList<>(List.of(bad));
    for (long id = 100; id < 150; id++) {
      rows.add(user(bad[0].schema(), id, "mail" + id, 30));
    }
    BatchFlow flow = BatchFlow.builder(backend.writer()).build();
    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.fromIterable(rows)).collectList().block(PATIENCE);
    return outcomes.stream()
        .filter(outcome -> !outcome.isWritten())
        .map(Outcome::error)
        .collect(Collectors.toList());
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aRowWithAKeyThatExistsIsADuplicate(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      backend.write(user(USERS, 1, "ann", 30));
      Row duplicate = user(USERS, 1, "bob", 30);

      assertThat(failures(backend, duplicate))
          .singleElement()
          .isInstanceOfSatisfying(
              RowRejectedException.class,
              failure -> {
                assertThat(failure.isDuplicateKey()).isTrue();
                assertThat(failure.isRetryable()).isFalse();
                assertThat(failure.row()).isSameAs(duplicate);
                assertThat(failure.sqlState() + " " + failure.code()).isEqualTo(codes(kind));
              });
    }
  }

  private static String codes(Backend.Kind kind) {
    return switch (kind) {
      case H2_MEMORY, H2_FILE, H2_JDBC -> "23505 23505";
      case POSTGRES, POSTGRES_JDBC -> "23505 null";
      case MARIADB, MARIADB_BY_MYSQL, MARIADB_JDBC, MYSQL, MYSQL_BY_MARIADB -> "23000 1062";
      case SQLITE_MEMORY, SQLITE_FILE -> "null 19";
    };
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void anUpsertThatMeetsAnotherUniqueIndexIsADuplicate(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      backend.write(user(USERS, 1, "ann", 30), user(USERS, 2, "bob", 30));

      assertThat(failures(backend, user(UPSERTS, 2, "ann", 31), user(UPSERTS, 3, "bob", 31)))
          .hasSize(2)
          .allMatch(BatchFlowException::isDuplicateKey);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void otherConstraintsAreNoDuplicates(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      Row noEmail = user(USERS, 1, "x", 30).set("email", null);
      Row tooYoung = user(USERS, 2, "young", -1);

      assertThat(failures(backend, noEmail, tooYoung))
          .hasSize(2)
          .noneMatch(BatchFlowException::isDuplicateKey)
          .allMatch(failure -> failure.status() == OutcomeStatus.REJECTED)
          .allMatch(failure -> failure.sqlState() != null || failure.code() != null);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aRowThatIsNeverSentIsInvalidAndHasNoCode(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      Row unsendable = USERS.row().set("id", 1L).set("email", new Thread()).set("age", 30);

      assertThat(failures(backend, unsendable, USERS.row()))
          .hasSize(2)
          .allMatch(failure -> failure.status() == OutcomeStatus.INVALID)
          .allMatch(failure -> failure.sqlState() == null && failure.code() == null);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aFailureOfTheWriterItselfHasNoCodeOfTheDatabase(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      BackendError error =
          backend.writer().backendError(new IllegalStateException("no driver knows this"));

      assertThat(error).isNull();
    }
  }
}
