package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares the meaning of Redis errors with the table in docs/redis.md. */
class ErrorTableTest {

  private static final Pattern ROW =
      Pattern.compile("^\\| ([A-Z`, ]+?)(?:, and every other error)? \\|.*\\(([A-Z]+)\\) \\|$");

  private static Map<String, FailureKind> documented() throws IOException {
    Map<String, FailureKind> kinds = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/redis.md"))) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        for (String code : row.group(1).split(", ", -1)) {
          kinds.put(code, FailureKind.valueOf(row.group(2)));
        }
      }
    }
    return kinds;
  }

  @Test
  void everyCodeIsAsTheTableSays() throws IOException {
    Map<String, FailureKind> documented = documented();

    assertThat(documented).hasSizeGreaterThan(20);
    assertThat(documented)
        .allSatisfy(
            (code, kind) -> {
              assertThat(RedisErrors.kind(code + " some words")).as(code).isEqualTo(kind);
              assertThat(RedisErrors.kind(code)).as(code).isEqualTo(kind);
            });
    assertThat(RedisErrors.codes())
        .as("codes that are not a row's own fault")
        .isEqualTo(
            documented.keySet().stream()
                .filter(code -> documented.get(code) != FailureKind.DATA)
                .collect(Collectors.toSet()));
  }

  @Test
  void whatIsNotListedIsTheRowsOwnFault() {
    assertThat(RedisErrors.kind("ERR value is not an integer or out of range"))
        .isEqualTo(FailureKind.DATA);
    assertThat(RedisErrors.kind("ANYTHING else")).isEqualTo(FailureKind.DATA);
  }

  @Test
  void someGeneralErrorsAreToldByTheirWords() {
    assertThat(RedisErrors.kind("ERR unknown command 'FOO', with args beginning with: "))
        .isEqualTo(FailureKind.PERMANENT);
    assertThat(RedisErrors.kind("ERR unknown subcommand 'X'")).isEqualTo(FailureKind.PERMANENT);
    assertThat(RedisErrors.kind("ERR max number of clients reached"))
        .isEqualTo(FailureKind.TRANSIENT);
  }
}
