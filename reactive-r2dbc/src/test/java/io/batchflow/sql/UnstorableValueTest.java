package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** A failure while a value is encoded or bound affects only its row. */
@Tag("server")
class UnstorableValueTest {

  private static final int ROWS = 40;
  private static final Set<Integer> GUILTY = Set.of(0, 7, 39);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path directory;

  UnstorableValueTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** A text that cannot be read. */
  private static final class Unreadable implements CharSequence {

    @Override
    public int length() {
      return 3;
    }

    @Override
    public char charAt(int index) {
      throw new ArithmeticException("s3cr3t");
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      throw new ArithmeticException("s3cr3t");
    }

    @Override
    public String toString() {
      throw new ArithmeticException("s3cr3t");
    }
  }

  private static final class Uncountable extends Number {

    @Override
    public int intValue() {
      throw new ArithmeticException("s3cr3t");
    }

    @Override
    public long longValue() {
      throw new ArithmeticException("s3cr3t");
    }

    @Override
    public float floatValue() {
      throw new ArithmeticException("s3cr3t");
    }

    @Override
    public double doubleValue() {
      throw new ArithmeticException("s3cr3t");
    }

    @Override
    public String toString() {
      throw new ArithmeticException("s3cr3t");
    }
  }

  private static Object listOfItself() {
    List<Object> list = new ArrayList<>();
    list.add(Collections.singletonList(list));
    return list;
  }

  private static Object arrayOfItself() {
    Object[] array = new Object[1];
    array[0] = array;
    return array;
  }

  /** A column, a value that fits, and one that does not. */
  private record Case(Backend.Kind kind, String type, Object good, Object bad, String what) {

    @Override
    public String toString() {
      return kind + " " + type + " " + what;
    }
  }

  private static Stream<Case> cases(
      Backend.Kind kind, String type, Object good, List<Object> bad, String... names) {
    return IntStream.range(0, bad.size())
        .mapToObj(
            i ->
                new Case(
                    kind,
                    type,
                    good,
                    bad.get(i),
                    i < names.length
                        ? names[i]
                        : bad.get(i).getClass().getSimpleName() + " " + bad.get(i)));
  }

  private static Stream<Case> of(Backend.Kind kind) {
    String moment =
        kind.isMySql() ? "DATETIME(6)" : kind.isSqlite() ? "TEXT" : "TIMESTAMP(6) WITH TIME ZONE";
    String amount =
        kind.isMySql()
            ? "TIME"
            : kind.isSqlite() ? "TEXT" : kind.isH2() ? "INTERVAL HOUR TO SECOND" : "INTERVAL";
    List<Object> moments =
        List.of(
            Instant.MAX,
            Instant.MIN,
            OffsetDateTime.MAX,
            OffsetDateTime.MIN,
            ZonedDateTime.of(LocalDateTime.MAX, ZoneOffset.ofHours(-1)),
            ZonedDateTime.of(LocalDateTime.MIN, ZoneOffset.ofHours(1)),
            LocalDateTime.MAX,
            LocalDateTime.MIN,
            LocalDate.MIN,
            LocalDate.MAX,
            LocalTime.MAX,
            "no moment",
            Uncountable.class);
    List<Object> amounts =
        List.of(
            Duration.ofSeconds(Long.MAX_VALUE),
            Duration.ofSeconds(Long.MIN_VALUE),
            Period.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE),
            Instant.MAX);
    List<Object> numbers =
        List.of(
            new BigDecimal("12345"),
            new BigDecimal("1E+100000"),
            new BigDecimal("1E-100000"),
            BigInteger.TEN.pow(400),
            12345,
            Long.MAX_VALUE,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY,
            "no number",
            true,
            LocalDate.EPOCH);
    List<Object> objects =
        List.of(new Unreadable(), new Uncountable(), listOfItself(), arrayOfItself());
    String[] names = {"Unreadable", "Uncountable", "list of itself", "array of itself"};
    return Stream.of(
            cases(kind, moment, Instant.EPOCH.plusSeconds(1), moments),
            cases(kind, "DATE", LocalDate.EPOCH, moments),
            cases(kind, amount, Duration.ofHours(1), amounts),
            cases(kind, "NUMERIC(4,2)", new BigDecimal("1.5"), numbers),
            cases(kind, "INTEGER", 1, numbers),
            cases(kind, "NUMERIC(4,2)", new BigDecimal("1.5"), objects, names),
            cases(kind, moment, Instant.EPOCH, objects, names),
            cases(kind, "VARCHAR(40)", "good", objects, names),
            cases(kind, "VARCHAR(40)", "good", List.of(1L, Instant.MAX, 1.5, true)))
        .flatMap(each -> each);
  }

  static Stream<Case> cases() {
    return Stream.of(
            Backend.Kind.POSTGRES,
            Backend.Kind.MARIADB,
            Backend.Kind.MARIADB_BY_MYSQL,
            Backend.Kind.H2_MEMORY,
            Backend.Kind.H2_JDBC,
            Backend.Kind.SQLITE_FILE)
        .flatMap(UnstorableValueTest::of);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aValueThatCannotBeStoredCostsItsRow(Case each) {
    try (Backend backend = each.kind().open(directory)) {
      backend.run("CREATE TABLE far (id BIGINT, v " + each.type() + ")");
      List<Outcome<Row>> outcomes = outcomes(backend, each);
      assertThat(outcomes).hasSize(ROWS);
      for (Outcome<Row> outcome : outcomes) {
        boolean good = !GUILTY.contains((Integer) outcome.row().tag());
        if (good) {
          assertThat(outcome.error()).as("%s", outcome.row().tag()).isNull();
        } else if (!outcome.isWritten()) {
          assertThat(outcome.status())
              .as("%s %s", outcome.error(), outcome.error().getCause())
              .isIn(OutcomeStatus.REJECTED, OutcomeStatus.INVALID);
          assertThat(outcome.error()).message().doesNotContain("s3cr3t");
        }
      }
      long written = outcomes.stream().filter(Outcome::isWritten).count();
      assertThat(backend.read("SELECT COUNT(*) FROM far")).containsExactly(List.of(written));
    }
  }

  private static List<Outcome<Row>> outcomes(Backend backend, Case each) {
    Schema schema = Schema.table("far").columns("id", "v").build();
    BatchFlow flow =
        BatchFlow.builder(backend.writer())
            .concurrency(1)
            .retry(Retry.fixedDelay(1, Duration.ofMillis(1)))
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(ROWS)
                    .maxDelay(Duration.ofMillis(100))
                    .lingerWhenIdle(true)
                    .build())
            .build();
    Flux<Row> rows =
        Flux.range(0, ROWS)
            .map(
                i ->
                    schema
                        .row()
                        .set("id", (long) i)
                        .set("v", GUILTY.contains(i) ? each.bad() : each.good())
                        .tag(i));
    return Objects.requireNonNull(flow.submitAll(rows).collectList().block(PATIENCE));
  }
}
