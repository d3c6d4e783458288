package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Values whose own code throws. They affect only their row, and no thread of the engine runs that
 * code.
 */
class ThrowingValueTest {

  private static RuntimeException thrown() {
    return new ArithmeticException("s3cr3t");
  }

  private static Object[] itself() {
    Object[] array = new Object[1];
    array[0] = array;
    return array;
  }

  private static CharSequence unreadable() {
    return new CharSequence() {
      @Override
      public int length() {
        throw thrown();
      }

      @Override
      public char charAt(int index) {
        throw thrown();
      }

      @Override
      public CharSequence subSequence(int start, int end) {
        throw thrown();
      }

      @Override
      public String toString() {
        throw thrown();
      }
    };
  }

  private static Object hashless() {
    return new Object() {
      @Override
      public int hashCode() {
        throw thrown();
      }

      @Override
      public boolean equals(Object other) {
        return this == other;
      }
    };
  }

  /** Cannot be compared with other values. */
  private record Incomparable(int id) implements Comparable<Incomparable> {

    @Override
    public int compareTo(Incomparable other) {
      throw thrown();
    }
  }

  static Stream<Named<Object>> values() {
    return Stream.of(
        Named.of("an array of itself", itself()), Named.of("a text that throws", unreadable()));
  }

  static Stream<Named<Object>> keys() {
    return Stream.concat(values(), Stream.of(Named.of("a hash that throws", hashless())));
  }

  private static Schema schema(ConflictStrategy strategy) {
    return Schema.table("things")
        .columns("id", "value")
        .conflictKey("id")
        .onConflict(strategy)
        .build();
  }

  private static List<Rows.Probe<WriteResult>> submit(Row... rows) {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    BatchFlow flow =
        Rows.flow(RecordingWriter.create(), time)
            .defaultPolicy(patient().maxSize(rows.length).build())
            .build();
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    for (Row row : rows) {
      probes.add(watch(flow.submit(row)));
    }
    flow.flush().subscribe();
    time.advanceTime();
    LedgerAssertions.assertBalanced(flow);
    assertThat(probes).allMatch(Rows.Probe::isDone);
    return probes;
  }

  private static void assertInvalid(Rows.Probe<WriteResult> probe) {
    assertThat(probe.errors)
        .singleElement()
        .isInstanceOfSatisfying(
            InvalidRowException.class,
            rejected ->
                assertThat(rejected).message().doesNotContain("s3cr3t").contains("table 'things'"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueThatCannotBeMeasuredIsRejectedAtItsSubmission(Object value) {
    Schema schema = schema(ConflictStrategy.FAIL);
    List<Rows.Probe<WriteResult>> probes =
        submit(Rows.row(schema, 1, "good"), Rows.row(schema, 2, value), Rows.row(schema, 3, "ok"));

    assertInvalid(probes.get(1));
    assertThat(probes.get(0).values).hasSize(1);
    assertThat(probes.get(2).values).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aKeyThatThrowsCostsItsRowAlone(Object key) {
    Schema schema = schema(ConflictStrategy.UPDATE);
    List<Rows.Probe<WriteResult>> probes =
        submit(
            Rows.row(schema, 1, "good"),
            schema.row().set(0, key).set(1, "bad"),
            Rows.row(schema, 3, "good"));

    assertInvalid(probes.get(1));
    assertThat(probes.get(0).values).hasSize(1);
    assertThat(probes.get(2).values).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(ConflictStrategy.class)
  void keysThatCannotBeComparedAreWritten(ConflictStrategy strategy) {
    Schema schema = schema(strategy);
    List<Rows.Probe<WriteResult>> probes =
        submit(
            Rows.row(schema, 1, "good"),
            schema.row().set(0, new Incomparable(2)).set(1, "v"),
            schema.row().set(0, new Incomparable(3)).set(1, "v"),
            Rows.row(schema, 4, "good"));

    assertThat(probes).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
  }
}
