package io.batchflow.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.FlowClosedException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatermarksTest {

  private static final Schema SCHEMA = Schema.table("t").columns("id").build();

  private final Watermarks<String> marks = Watermarks.create();

  private static Outcome<Row> written() {
    WriteResult result = WriteResult.of(1, 1, RowVerdict.WRITTEN, Duration.ZERO, Duration.ZERO);
    return Outcome.written(SCHEMA.row(), result);
  }

  private static Outcome<Row> notSent() {
    return Outcome.failed(SCHEMA.row(), FlowClosedException.notSent("t"));
  }

  @Test
  void thePositionWhereItStartsIsTheFirstWatermark() {
    marks.assign("p", 41);

    assertThat(marks.watermark("p")).hasValue(41);
    assertThat(marks.watermark("q")).isEmpty();
    assertThat(marks.watermarks()).isEqualTo(Map.of("p", 41L));
  }

  @Test
  void anEarlierOpenPositionHoldsTheWatermark() {
    marks.assign("p", 0);
    OpenPosition<String> first = marks.open("p", 0);
    OpenPosition<String> second = marks.open("p", 1);

    second.pass();
    assertThat(marks.watermark("p")).hasValue(0);
    first.pass();
    assertThat(marks.watermark("p")).hasValue(2);
  }

  @Test
  void gapsDoNotHoldTheWatermark() {
    marks.assign("p", 10);
    OpenPosition<String> afterGap = marks.open("p", 15);

    assertThat(marks.watermark("p")).hasValue(15);
    afterGap.pass();
    marks.skipTo("p", 20);
    assertThat(marks.watermark("p")).hasValue(20);
    marks.skipTo("p", 12);
    assertThat(marks.watermark("p")).hasValue(20);
  }

  @Test
  void aSkipDoesNotPassOverAnOpenPosition() {
    marks.assign("p", 0);
    OpenPosition<String> open = marks.open("p", 3);
    marks.skipTo("p", 9);

    assertThat(marks.watermark("p")).hasValue(3);
    open.pass();
    assertThat(marks.watermark("p")).hasValue(9);
  }

  @Test
  void aLateOutcomeOfARevokedPartitionDoesNotCountForTheNextAssignment() {
    marks.assign("p", 0);
    OpenPosition<String> late = marks.open("p", 0);

    assertThat(marks.revoke("p")).hasValue(0);
    marks.assign("p", 0);
    OpenPosition<String> again = marks.open("p", 0);
    late.pass();

    assertThat(marks.watermark("p")).hasValue(0);
    assertThat(marks.pending("p")).isEqualTo(1);
    again.pass();
    assertThat(marks.watermark("p")).hasValue(1);
  }

  @Test
  void anAssignmentStartsAnewAfterASeekBack() {
    marks.assign("p", 0);
    marks.open("p", 7).pass();
    OpenPosition<String> late = marks.open("p", 8);
    marks.assign("p", 2);
    late.pass();

    assertThat(marks.watermark("p")).hasValue(2);
    assertThat(marks.pending("p")).isZero();
  }

  @Test
  void partitionsDoNotHoldEachOther() {
    marks.assign("p", 0);
    marks.assign("q", 0);
    OpenPosition<String> open = marks.open("p", 0);
    marks.open("q", 0).pass();

    assertThat(marks.watermarks()).isEqualTo(Map.of("p", 0L, "q", 1L));
    assertThat(open.partition()).isEqualTo("p");
    assertThat(open.position()).isZero();
    assertThat(open).hasToString("OpenPosition[partition=p, position=0]");
  }

  @Test
  void onlyAWrittenRowLetsItsPositionPass() {
    marks.assign("p", 0);
    OpenPosition<String> open = marks.open("p", 0);

    assertThat(open.passIfWritten(notSent())).isFalse();
    assertThat(marks.watermark("p")).hasValue(0);
    assertThat(open.passIfWritten(written())).isTrue();
    assertThat(marks.watermark("p")).hasValue(1);
  }

  @Test
  void aPositionPassesOnce() {
    marks.assign("p", 0);
    OpenPosition<String> open = marks.open("p", 0);
    marks.open("p", 1);
    open.pass();
    open.pass();

    assertThat(marks.pending("p")).isEqualTo(1);
    assertThat(marks.pending("q")).isZero();
  }

  @Test
  void positionsThatCannotBeOpenedAreRefused() {
    marks.assign("p", 5);
    marks.open("p", 6);

    assertThatThrownBy(() -> marks.open("p", 6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The position 6 cannot be opened: the next one is at least 7");
    assertThatThrownBy(() -> marks.open("p", Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> marks.open("q", 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The partition 'q' is not assigned. Call assign first");
    assertThatThrownBy(() -> marks.skipTo("q", 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> marks.assign("q", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The position -1 is negative");
    assertThat(marks.revoke("q")).isEmpty();
  }
}
