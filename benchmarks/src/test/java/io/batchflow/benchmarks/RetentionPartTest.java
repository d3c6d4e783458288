package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.benchmarks.RetentionPart.Load;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cancelled run is resumed under load, and nothing younger goes. Speed is not tested here. */
@Tag("server")
class RetentionPartTest {

  @Test
  void whatHasExpiredGoesAndNothingElse() {
    String line =
        new RetentionPart(new Load(5_000, 500, 1))
            .run(false, new PrintWriter(new StringWriter()))
            .get(0)
            .line();

    assertThat(line).contains(" expired_left=0 ", " younger_gone=0 ", " deleted_before_kill=");
  }
}
