package io.batchflow.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;

/** Any context in an error of PostgreSQL names a row, or none. */
@Tag("fuzz")
class CopyErrorFuzzTest {

  private static final int LONG = 100_000;

  @FuzzTest
  void anyTextNamesARowOrNone(byte[] content) {
    String where = new String(content, StandardCharsets.UTF_8);
    assertThat(PostgresCopy.badRow(where, "t")).isBetween(0, 999_999_999);

    String named = "COPY t, line 7, column a: \"" + where + "\"";
    assertThat(PostgresCopy.badRow(named, "t")).isEqualTo(7);

    String repeated = where.repeat(LONG / Math.max(1, where.length()));
    Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> PostgresCopy.badRow("COPY t, " + repeated, "t"));
  }
}
