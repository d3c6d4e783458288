package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** Databases that name the row that caused the failure of a batch, so no search is needed. */
@Tag("server")
class BadRowTest {

  private static final int ROWS = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Schema PEOPLE = Schema.table("people").columns("id", "name", "age").build();

  private final Path directory;

  BadRowTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Row 700 is bad. Row 5 has a value that looks like the end of an error. */
  private static Row person(long id, String column, @Nullable Object bad) {
    Row row = PEOPLE.row().set("id", id).set("name", "at row 5").set("age", 1).tag(id);
    return id == 700 ? row.set(column, bad) : row;
  }

  static Stream<Arguments> errorsThatNameARow() {
    String tooLong = "longer than ten at row 6";
    Stream<Arguments> mySql =
        Backend.mySqlKinds()
            .flatMap(
                kind ->
                    Stream.of(
                        arguments(kind, "name", tooLong), arguments(kind, "age", 3_000_000_000L)));
    Stream<Arguments> others =
        Stream.of(
            arguments(Backend.Kind.POSTGRES, "name", tooLong),
            arguments(Backend.Kind.POSTGRES, "name", null),
            arguments(Backend.Kind.POSTGRES, "age", -1),
            arguments(Backend.Kind.POSTGRES, "id", 5),
            arguments(Backend.Kind.POSTGRES, "name", new Thread("of no column")),
            arguments(Backend.Kind.MARIADB, "name", null),
            arguments(Backend.Kind.MARIADB, "age", -1),
            arguments(Backend.Kind.MARIADB, "id", 5),
            arguments(Backend.Kind.MARIADB_BY_MYSQL, "name", null),
            arguments(Backend.Kind.MARIADB_BY_MYSQL, "age", -1),
            arguments(Backend.Kind.MARIADB_BY_MYSQL, "id", 5),
            arguments(Backend.Kind.H2_MEMORY, "name", new Thread("of no column")),
            arguments(Backend.Kind.H2_JDBC, "name", new Thread("of no column")),
            arguments(Backend.Kind.SQLITE_FILE, "name", new Thread("of no column")));
    return Stream.concat(mySql, others);
  }

  @ParameterizedTest
  @MethodSource("errorsThatNameARow")
  void theRowIsFoundWithoutASearch(Backend.Kind kind, String column, @Nullable Object bad) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE people (id BIGINT PRIMARY KEY, name VARCHAR(10) NOT NULL,"
              + " age INTEGER CHECK (age >= 0))");
      BatchWriter writer = backend.writer();
      List<Integer> sizes = new ArrayList<>();
      BatchFlow flow =
          BatchFlow.builder(
                  batch -> {
                    sizes.add(batch.size());
                    return writer.write(batch);
                  })
              .failureClassifier(writer.failureClassifier())
              .defaultPolicy(
                  BatchPolicy.builder()
                      .maxSize(ROWS)
                      .maxDelay(Duration.ofHours(1))
                      .lingerWhenIdle(true)
                      .build())
              .concurrency(1)
              .build();

      List<Outcome<Row>> outcomes =
          flow.submitAll(Flux.range(0, ROWS).map(id -> person(id, column, bad)))
              .collectList()
              .block(PATIENCE);
      flow.close().block(PATIENCE);

      assertThat(outcomes)
          .filteredOn(outcome -> !outcome.isWritten())
          .extracting(outcome -> outcome.row().tag())
          .containsExactly(700L);
      assertThat(sizes).containsExactly(ROWS, ROWS - 1, 1);
    }
  }
}
