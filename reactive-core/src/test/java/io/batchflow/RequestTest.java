package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class RequestTest {

  private final Schema orders =
      Schema.table("orders").columns("id", "amount", "note").required("amount").build();

  @Test
  void anUnknownColumnIsRefusedWhenItIsSet() {
    assertThatThrownBy(() -> orders.request().set("amuont", 3))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.table()).isEqualTo("orders");
              assertThat(e.column()).contains("amuont");
            })
        .hasMessageContaining("Its columns are id, amount, note");
  }

  @Test
  void anUnknownPositionIsRefusedWhenItIsSet() {
    assertThatThrownBy(() -> orders.request().set(3, "x"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no column at position 3")
        .hasMessageContaining("3 columns");
  }

  @Test
  void unsetIsNotNull() {
    Request request = orders.request().set("note", null);

    assertThat(request.isSet(2)).isTrue();
    assertThat(request.value("note")).isNull();
    assertThat(request.isSet(0)).isFalse();
    assertThat(request.value("id")).isNull();
  }

  @Test
  void aMissingRequiredColumnCostsThatRowAlone() {
    RecordingWriter writer = RecordingWriter.create();
    BatchFlow flow = BatchFlow.builder(writer).build();
    Request incomplete = orders.request().set("id", 1);
    Request complete = orders.request().set("id", 2).set("amount", null);

    StepVerifier.create(flow.submit(incomplete))
        .expectErrorSatisfies(
            e ->
                assertThat(e)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("'orders'")
                    .hasMessageContaining("required column 'amount' is not set"))
        .verify(Duration.ofSeconds(10));
    StepVerifier.create(
            flow.submitAll(Flux.just(incomplete, complete)).collectMap(Outcome::request))
        .assertNext(
            outcomes -> {
              assertThat(outcomes.get(incomplete).status()).isEqualTo(OutcomeStatus.REFUSED);
              assertThat(outcomes.get(incomplete).error())
                  .isInstanceOf(InvalidRequestException.class);
              assertThat(outcomes.get(complete).isWritten()).isTrue();
            })
        .expectComplete()
        .verify(Duration.ofSeconds(10));

    assertThat(flow.stats().turnedAway()).isEqualTo(2);
    assertThat(flow.stats().ledger().admitted()).isEqualTo(1);
    flow.close().block(Duration.ofSeconds(10));
  }

  @Test
  void aNullRequestIsRefusedAtTheCall() {
    BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).build();

    assertThatThrownBy(() -> flow.submit(null))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Schema.request()");
    flow.close().block(Duration.ofSeconds(10));
  }

  @Test
  void aSubmittedRequestCannotChange() {
    Request request = orders.request().set("amount", 1).freeze();

    assertThatThrownBy(() -> request.set("note", "later"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("submitted already");
  }

  @Test
  void valuesStayOutOfTheText() {
    assertThat(orders.request().set("id", 1).set("note", "secret"))
        .hasToString("Request[table=orders, set=id, note]");
  }

  @Test
  void estimatedBytesGrowWithTheValues() {
    int small = orders.request().set("amount", 1).set("note", "x").freeze().estimatedBytes();
    int large =
        orders.request().set("amount", 1).set("note", "x".repeat(1_000)).freeze().estimatedBytes();

    assertThat(large - small).isEqualTo(999);
  }
}
