package io.batchflow.quota;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of the options. */
class QuotaOptionsTest {

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 1_000_000_001})
  void aQuotaOutOfBoundsIsRefused(long perSecond) {
    assertThatThrownBy(() -> Quota.rows(perSecond))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("'rows' is " + perSecond);
    assertThatThrownBy(() -> Quota.bytes(perSecond)).hasMessageContaining("'bytes'");
    assertThatThrownBy(() -> Quota.of(1, perSecond)).hasMessageContaining("'bytes'");
  }

  @Test
  void otherOptionsOutOfBoundsAreRefused() {
    assertThatThrownBy(() -> Quota.rows(1).withBurst(Duration.ZERO)).hasMessageContaining("burst");
    assertThatThrownBy(() -> Quotas.builder().maxWait(Duration.ZERO))
        .hasMessageContaining("maxWait");
    assertThatThrownBy(() -> Quotas.builder().maxNames(0)).hasMessageContaining("maxNames");
    assertThatThrownBy(() -> Quotas.builder().user("ann", Quota.rows(1)).user("ann", Quota.rows(2)))
        .hasMessageContaining("'ann' is given twice");
  }
}
