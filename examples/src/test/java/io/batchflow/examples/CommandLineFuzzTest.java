package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Every command line is accepted, or rejected in one line without a password. */
@Tag("fuzz")
class CommandLineFuzzTest {

  private static final String SECRET = "s3cr3t";
  private static final int LONG = 20_000;

  /** Each line is an argument. The input file does not exist. */
  @FuzzTest
  void anyOptionsAreAcceptedOrRejectedInOneLine(byte[] content) {
    List<String> options = new ArrayList<>(text(content).lines().toList());
    options.removeIf(option -> option.startsWith("@"));
    options.addAll(List.of("--input", "/no such file.csv", "--table", "t"));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine load = Load.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    int exitCode = load.execute(options.toArray(String[]::new));

    if (exitCode == 0) {
      assertThat(out.toString()).startsWith("Usage: Load");
    } else {
      assertThat(exitCode).isEqualTo(Programs.FAILED);
      assertThat(err.toString().strip().lines()).hasSize(1);
      assertThat(err.toString()).doesNotContain("Exception");
    }
  }

  @FuzzTest
  void anyTextIsADurationOrRejected(byte[] content) {
    String text = text(content);
    try {
      Duration time = new DurationConverter().convert(text);
      assertThat(new DurationConverter().convert(time.toString().substring(2))).isEqualTo(time);
    } catch (TypeConversionException rejected) {
      assertThat(rejected).hasMessage("'" + text + "' is not a duration such as 20ms, 1.5s or 2m");
    }
  }

  /** Each asterisk in the input is replaced by the password. */
  @FuzzTest
  void aRejectedUrlIsShownWithoutItsPassword(byte[] content) {
    String password = text(content).replaceAll("[\\s\\p{Z}\\p{C}]", "").replace("*", SECRET);
    String user = "user:" + password + "@host/db";
    String option = "r2dbc:h2://host/db?password=" + password.replace("&", "");
    assertThat(Reason.withoutCredentials("r2dbc:h2://" + user)).isEqualTo("r2dbc:h2://host/db");
    assertThat(Reason.withoutCredentials("to " + option + " now")).doesNotContain(SECRET);
    assertThatExceptionOfType(LoadException.class)
        .isThrownBy(() -> Target.open("postgres://" + user))
        .satisfies(rejected -> assertThat(rejected).hasMessageNotContaining(SECRET));
  }

  @FuzzTest
  void aLongReasonIsReadInReasonableTime(byte[] content) {
    String repeated = text(content).repeat(LONG / Math.max(1, content.length));
    Assertions.assertTimeout(
        Duration.ofSeconds(5), () -> Reason.of(new LoadException("//" + repeated)));
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }
}
