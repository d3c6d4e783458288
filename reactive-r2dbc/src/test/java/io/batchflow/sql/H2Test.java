package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

class H2Test {

  private static final int MORE_THAN_AN_ARRAY_HOLDS = 65_537;

  private static final List<ConflictStrategy> STRATEGIES_OF_KEYS =
      List.of(ConflictStrategy.IGNORE, ConflictStrategy.UPDATE, ConflictStrategy.REPLACE);

  private final Path directory;

  H2Test(@TempDir Path directory) {
    this.directory = directory;
  }

  private static List<Row> rows(Schema schema) {
    return IntStream.range(0, MORE_THAN_AN_ARRAY_HOLDS)
        .mapToObj(id -> schema.row().set("id", id).set("name", "n" + id))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void aBatchThatAnArrayCannotHoldBecomesTwoStatementsOfOneText(ConflictStrategy strategy) {
    Schema schema =
        Schema.table("people").columns("id", "name").conflictKey("id").onConflict(strategy).build();
    List<Row> rows = rows(schema);
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

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "H2.*")
  void aDecimalOfNegativeScaleIsTheNumberThatItIs(Backend.Kind kind) {
    Schema schema = Schema.table("sums").columns("id", "a", "b").build();
    List<String> decimals = List.of("1.5", "1E+1", "2", "12E+2");
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE sums (id INTEGER, a NUMERIC(10, 2), b DECFLOAT(10))");

      backend.write(
          IntStream.range(0, decimals.size())
              .mapToObj(
                  id ->
                      schema
                          .row()
                          .set("id", id)
                          .set("a", new BigDecimal(decimals.get(id)))
                          .set("b", new BigDecimal(decimals.get(id))))
              .toList());

      assertThat(
              backend.read(
                  "SELECT CAST(a AS VARCHAR), CAST(b AS INTEGER) FROM sums WHERE id > 0 ORDER BY id"))
          .containsExactly(List.of("10.00", 10L), List.of("2.00", 2L), List.of("1200.00", 1200L));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "H2.*")
  void aTextWithHalfASurrogatePairIsRejectedWhereverItStands(Backend.Kind kind) {
    Schema schema = Schema.table("texts").columns("id", "v").build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE texts (id INTEGER, v VARCHAR(10))");

      assertThat(
              backend.kindOf(
                  schema.row().set("id", 1).set("v", "a"),
                  schema.row().set("id", 2).set("v", "\uD800")))
          .matches(FailureKind::isOfRow);
      assertThat(backend.read("SELECT * FROM texts")).isEmpty();
    }
  }

  /** H2 pads the key when it stores it. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "H2.*")
  void aShortKeyOfBinaryFindsTheRowThatItWasStoredAs(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      for (ConflictStrategy strategy : STRATEGIES_OF_KEYS) {
        Schema schema =
            Schema.table("t").columns("k", "v").conflictKey("k").onConflict(strategy).build();
        backend.run(
            "DROP TABLE IF EXISTS t", "CREATE TABLE t (k BINARY(3) PRIMARY KEY, v INTEGER)");

        for (int v = 1; v <= 2; v++) {
          backend.write(List.of(schema.row().set("k", new byte[] {65}).set("v", v)));
        }
        FailureKind tooLong =
            backend.kindOf(schema.row().set("k", new byte[] {65, 0, 0, 66}).set("v", 3));

        assertThat(tooLong).as(strategy.name()).isEqualTo(FailureKind.DATA);
        assertThat(backend.read("SELECT RAWTOHEX(k), v FROM t"))
            .as(strategy.name())
            .containsExactly(List.of("410000", strategy == ConflictStrategy.IGNORE ? 1L : 2L));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "H2.*")
  void aNumberInATextIsPrintedAsH2Does(Backend.Kind kind) {
    Schema schema = Schema.table("t").columns("id", "v").build();
    List<Number> numbers =
        List.of(-0.0, -0.0f, 1e10, 0.1f, new BigDecimal("1E-20"), new BigDecimal("-1.50"));
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE t (id INTEGER, v VARCHAR)");

      backend.write(
          IntStream.range(0, numbers.size())
              .mapToObj(id -> schema.row().set("id", id).set("v", numbers.get(id)))
              .toList());

      assertThat(backend.read("SELECT v FROM t ORDER BY id"))
          .isEqualTo(
              backend.read(
                  "VALUES (CAST(CAST(-0.0 AS DOUBLE PRECISION) AS VARCHAR)),"
                      + " (CAST(CAST(-0.0 AS REAL) AS VARCHAR)),"
                      + " (CAST(CAST(1E10 AS DOUBLE PRECISION) AS VARCHAR)),"
                      + " (CAST(CAST(0.1 AS REAL) AS VARCHAR)),"
                      + " (CAST(CAST(1E-20 AS NUMERIC(30, 20)) AS VARCHAR)),"
                      + " (CAST(-1.50 AS VARCHAR))"));
    }
  }

  /** H2 would convert the values of an array to one type. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "H2.*")
  void aValueIsStoredAsAloneWhateverTypesStandBesideIt(Backend.Kind kind) {
    List<Object> values =
        List.of(
            1,
            "02",
            "1.50",
            new BigDecimal("1.5"),
            new BigDecimal("2.675"),
            1.5,
            -2.5,
            2.675,
            0.1f,
            9_007_199_254_740_993L,
            true,
            "Y\u0095",
            new byte[] {65},
            "2024-01-01",
            LocalDate.of(2024, 1, 1),
            LocalDateTime.of(2024, 1, 1, 12, 30),
            LocalDateTime.of(2024, 1, 1, 12, 30, 1, 500),
            new UUID(0, 1),
            "");
    Schema schema = Schema.table("mixed").columns("id", "v").build();
    for (String type :
        List.of(
            "VARCHAR",
            "CLOB",
            "VARBINARY(40)",
            "INTEGER",
            "BIGINT",
            "NUMERIC(30,10)",
            "REAL",
            "DOUBLE PRECISION",
            "DECFLOAT(20)",
            "TIMESTAMP",
            "DATE")) {
      try (Backend backend = kind.open(directory)) {
        backend.run("CREATE TABLE mixed (id INTEGER, v " + type + ")");
        List<Row> rows =
            IntStream.range(0, values.size())
                .mapToObj(id -> schema.row().set("id", id).set("v", values.get(id)))
                .toList();
        String query = "SELECT id, CAST(v AS VARCHAR) FROM mixed ORDER BY id";
        write(backend, rows, 1);
        List<List<Object>> alone = backend.read(query);
        backend.run("DELETE FROM mixed");

        write(backend, rows, values.size());

        assertThat(backend.read(query)).as(type).isEqualTo(alone).isNotEmpty();
      }
    }
  }

  private static void write(Backend backend, List<Row> rows, int maxSize) {
    BatchFlow flow =
        BatchFlow.builder(backend.writer())
            .concurrency(1)
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(maxSize)
                    .maxDelay(Duration.ofMillis(20))
                    .lingerWhenIdle(true)
                    .build())
            .build();
    flow.submitAll(Flux.fromIterable(rows)).then().block(Duration.ofMinutes(1));
  }
}
