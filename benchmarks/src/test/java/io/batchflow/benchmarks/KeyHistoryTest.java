package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.OutcomeStatus;
import org.junit.jupiter.api.Test;

class KeyHistoryTest {

  private final KeyHistory history = new KeyHistory();

  @Test
  void aKeyWithoutWrittenRowsIsAbsent() {
    history.add("a", OutcomeStatus.REJECTED);
    history.add("b", OutcomeStatus.NOT_SENT);

    assertThat(history.allows(null)).isTrue();
    assertThat(history.allows("a")).isFalse();
  }

  @Test
  void theLastWrittenRowDecides() {
    history.add("a", OutcomeStatus.WRITTEN);
    history.add(null, OutcomeStatus.WRITTEN);
    assertThat(history.allows(null)).isTrue();
    assertThat(history.allows("a")).isFalse();

    history.add("b", OutcomeStatus.WRITTEN);
    history.add("c", OutcomeStatus.REJECTED);
    assertThat(history.allows("b")).isTrue();
    assertThat(history.allows(null)).isFalse();
    assertThat(history.allows("c")).isFalse();
  }

  @Test
  void anUnknownRowCountsOnlyUntilTheNextWrittenRow() {
    history.add("a", OutcomeStatus.WRITTEN);
    history.add(null, OutcomeStatus.UNKNOWN);
    assertThat(history.allows("a")).isTrue();
    assertThat(history.allows(null)).isTrue();

    history.add("b", OutcomeStatus.WRITTEN);
    assertThat(history.allows("b")).isTrue();
    assertThat(history.allows(null)).isFalse();
  }
}
