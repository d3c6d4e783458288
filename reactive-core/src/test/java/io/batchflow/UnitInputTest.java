package io.batchflow;

import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.test.RecordingWriter;
import io.batchflow.unit.Unit;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Unusable units are refused, each with a message of its own. */
class UnitInputTest {

  private static final Schema REQUIRED =
      Schema.table("required").columns("id", "value").required("value").build();

  private final BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).build();

  /** A lambda has no transactions across tables. */
  private static final BatchWriter PLAIN = batch -> Mono.just(BatchResult.written(batch.size()));

  private InvalidRowException refused(List<Row> rows) {
    return (InvalidRowException) watch(flow.submitTogether(rows)).errors.get(0);
  }

  @Test
  void aUnitNeedsRows() {
    assertThat(refused(List.of())).hasMessageContaining("has no rows");
    assertThat(refused(null)).hasMessageContaining("has no rows");
    assertThat(refused(Arrays.asList(event(1), null))).hasMessageContaining("position 1 is null");
    assertThat(flow.stats().turnedAway()).isEqualTo(3);
  }

  @Test
  void aUnitHasAtMostAThousandRows() {
    assertThat(Unit.rows(Unit.of(Collections.nCopies(1_000, event(1))))).hasSize(1_000);
    assertThat(refused(Collections.nCopies(1_001, event(1)))).hasMessageContaining("1001 rows");
  }

  @Test
  void aUnitHoldsNoUnits() {
    assertThat(refused(List.of(event(1), Unit.of(List.of(event(2))))))
        .hasMessageContaining("position 1 is a unit");
  }

  @Test
  void aUnitIsMadeByItsFactory() {
    Row handMade = Unit.SCHEMA.row().set("rows", List.of(event(1)));

    assertThat(watch(flow.submit(handMade)).errors)
        .singleElement()
        .isInstanceOf(InvalidRowException.class)
        .asString()
        .contains("Unit.of");
  }

  @Test
  void rowsOfAUnitHaveNoStoredValues() {
    Schema returning = Schema.table("keys").columns("id", "value").returning("id").build();

    assertThat(refused(List.of(event(1), returning.row().set("value", 1L))))
        .hasMessageContaining("returning")
        .hasMessageContaining("position 1 of its unit");
  }

  @Test
  void anInvalidRowIsNamedWithItsPosition() {
    Row bad = REQUIRED.row().set("id", 7_654_321L);

    assertThat(refused(List.of(event(1), row(UPSERTS, 1, "u"), bad)))
        .hasMessageContaining("'required'")
        .hasMessageContaining("'value'")
        .hasMessageContaining("position 2 of its unit")
        .satisfies(error -> assertThat(error.getMessage()).doesNotContain("7654321"))
        .satisfies(error -> assertThat(error.row()).isSameAs(bad));
  }

  @Test
  void aDeleteThatTheWriterDoesNotSupportIsNamedWithItsPosition() {
    BatchFlow plain =
        BatchFlow.builder(new UnitWriter(batch -> Mono.just(BatchResult.written(1)))).build();
    List<Row> unit = List.of(event(1), UPSERTS.delete().set("id", 1L));

    assertThat(watch(plain.submitTogether(unit)).errors)
        .singleElement()
        .isInstanceOfSatisfying(
            InvalidRowException.class,
            error ->
                assertThat(error)
                    .hasMessageContaining("supportsDeletes")
                    .hasMessageContaining("position 1 of its unit"));
  }

  @Test
  void aFlowWithAPolicyForUnitsIsNotBuiltOverAWriterWithoutThem() {
    BatchFlow.Builder builder =
        BatchFlow.builder(PLAIN).policy(Unit.SCHEMA, BatchPolicy.defaults());

    assertThatThrownBy(builder::build)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("Unit.SCHEMA")
        .hasMessageContaining("no transactions across tables");
  }

  @Test
  void aWriterWithoutUnitsRefusesThemAtTheCall() {
    BatchFlow plain = BatchFlow.builder(PLAIN).build();

    assertThatThrownBy(() -> plain.submitTogether(List.of(event(1))))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("submitTogether");
    assertThat(watch(plain.submit(Unit.of(List.of(event(1))))).errors)
        .singleElement()
        .isInstanceOf(InvalidRowException.class)
        .asString()
        .contains("supportsUnits");
  }

  @Test
  void aUnitHasNoVerdictsAndNoStoredValues() {
    for (BatchPolicy policy :
        List.of(
            BatchPolicy.builder().rowVerdicts(true).build(),
            BatchPolicy.builder().returning("id").build())) {
      BatchFlow.Builder builder =
          BatchFlow.builder(RecordingWriter.create()).policy(Unit.SCHEMA, policy);

      assertThatThrownBy(builder::build)
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("units");
    }
  }
}
