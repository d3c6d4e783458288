package io.batchflow.examples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A short form of the program: a consumer process is killed after four seconds. */
@Tag("server")
class PipelineTest {

  @Test
  void eachRecordIsStoredOnce() {
    StringWriter out = new StringWriter();

    int exit =
        new CommandLine(new Pipeline())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute("--records=16000", "--rate=2000", "--kill-every=4", "--patience=300");

    assertThat(exit).as(out.toString()).isZero();
    assertThat(out.toString())
        .contains("partition    records       rows      lag")
        .contains("16,000 records sent, 16,000 rows, 16,000 of them different")
        .doesNotContain(" 0 processes killed");
  }
}
