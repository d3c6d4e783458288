package io.batchflow.r2dbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.batchflow.InvalidConfigurationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** Any text is a valid URL, or is rejected without its password. */
@Tag("fuzz")
class UrlFuzzTest {

  private static final String SECRET = "s3cr3t";

  /** Each asterisk in the input is replaced by the password. */
  @FuzzTest
  void anyTextIsAUrlOrRejectedWithoutItsPassword(byte[] content) {
    String url = new String(content, StandardCharsets.UTF_8).replace("*", SECRET);
    try {
      R2dbcBatchWriter.create(url).close().block(Duration.ofMinutes(1));
    } catch (InvalidConfigurationException rejected) {
      assertThat(rejected.option()).isIn("url", "dialect");
      assertThat(rejected).hasMessageNotContaining(SECRET).hasNoCause();
    }
  }
}
