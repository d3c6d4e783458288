package io.batchflow.r2dbc.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Slower transactions get smaller, and are followed by longer pauses. */
class PaceTest {

  private static final Duration TARGET = Duration.ofMillis(50);

  @Test
  void transactionsGrowWhileTheyAreFastAndFull() {
    Pace pace = new Pace(5_000, TARGET, 0.25);

    for (int i = 0; i < 10; i++) {
      assertThat(pace.after(Duration.ofMillis(10), true)).isEqualTo(Duration.ofMillis(30));
    }
    assertThat(pace.rows()).isEqualTo(5_000);
    pace.after(Duration.ofMillis(10), false);
    assertThat(pace.rows()).isEqualTo(5_000);
  }

  @Test
  void transactionsShrinkWhileTheyAreSlow() {
    Pace pace = new Pace(5_000, TARGET, 0.5);

    assertThat(pace.after(Duration.ofMillis(100), true)).isEqualTo(Duration.ofMillis(100));
    assertThat(pace.rows()).isEqualTo(250);
    assertThat(pace.after(Duration.ofSeconds(10), true)).isEqualTo(Duration.ofSeconds(10));
    assertThat(pace.rows()).isEqualTo(125);
    pace.after(Duration.ofSeconds(10), true);
    pace.after(Duration.ofSeconds(10), true);
    assertThat(pace.rows()).isEqualTo(50);
  }

  @Test
  void fewRowsAreNotExceeded() {
    Pace pace = new Pace(10, TARGET, 1);

    assertThat(pace.after(Duration.ofSeconds(1), true)).isZero();
    assertThat(pace.rows()).isEqualTo(10);
  }
}
