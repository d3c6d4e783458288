package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class RowTest {

  private final Schema orders =
      Schema.table("orders").columns("id", "amount", "note").required("amount").build();

  @Test
  void anUnknownColumnIsRejectedWhenItIsSet() {
    assertThatThrownBy(() -> orders.row().set("amuont", 3))
        .isInstanceOfSatisfying(
            InvalidRowException.class,
            e -> {
              assertThat(e.table()).isEqualTo("orders");
              assertThat(e.column()).contains("amuont");
            })
        .hasMessageContaining("Its columns are id, amount, note");
  }

  @Test
  void anUnknownPositionIsRejectedWhenItIsSet() {
    assertThatThrownBy(() -> orders.row().set(3, "x"))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("no column at position 3")
        .hasMessageContaining("3 columns");
  }

  @Test
  void unsetIsNotNull() {
    Row row = orders.row().set("note", null);

    assertThat(row.isSet(2)).isTrue();
    assertThat(row.value("note")).isNull();
    assertThat(row.isSet(0)).isFalse();
    assertThat(row.value("id")).isNull();
  }

  @Test
  void aMissingRequiredColumnCostsThatRowAlone() {
    RecordingWriter writer = RecordingWriter.create();
    BatchFlow flow = BatchFlow.builder(writer).build();
    Row incomplete = orders.row().set("id", 1);
    Row complete = orders.row().set("id", 2).set("amount", null);

    StepVerifier.create(flow.submit(incomplete))
        .expectErrorSatisfies(
            e ->
                assertThat(e)
                    .isInstanceOf(InvalidRowException.class)
                    .hasMessageContaining("'orders'")
                    .hasMessageContaining("required column 'amount' is not set"))
        .verify(Duration.ofSeconds(10));
    StepVerifier.create(flow.submitAll(Flux.just(incomplete, complete)).collectMap(Outcome::row))
        .assertNext(
            outcomes -> {
              assertThat(outcomes.get(incomplete).status()).isEqualTo(OutcomeStatus.INVALID);
              assertThat(outcomes.get(incomplete).error()).isInstanceOf(InvalidRowException.class);
              assertThat(outcomes.get(complete).isWritten()).isTrue();
            })
        .expectComplete()
        .verify(Duration.ofSeconds(10));

    assertThat(flow.stats().turnedAway()).isEqualTo(2);
    assertThat(flow.stats().ledger().admitted()).isEqualTo(1);
    flow.close().block(Duration.ofSeconds(10));
  }

  @Test
  void aNullRowIsTurnedAwayAtTheCall() {
    BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).build();

    assertThatThrownBy(() -> flow.submit(null))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("Schema.row()");
    flow.close().block(Duration.ofSeconds(10));
  }

  @Test
  void aSubmittedRowCannotChange() {
    Row row = orders.row().set("amount", 1).freeze();

    assertThatThrownBy(() -> row.set("note", "later"))
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("submitted already");
  }

  @Test
  void valuesStayOutOfTheText() {
    assertThat(orders.row().set("id", 1).set("note", "secret"))
        .hasToString("Row[table=orders, set=id, note]");
  }

  @Test
  void estimatedBytesGrowWithTheValues() {
    int small = orders.row().set("amount", 1).set("note", "x").freeze().estimatedBytes();
    int large =
        orders.row().set("amount", 1).set("note", "x".repeat(1_000)).freeze().estimatedBytes();

    assertThat(large - small).isEqualTo(999);
  }
}
