package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.testservers.RedisProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** The failures of Redis tell the same as those of a database. */
@Tag("server")
class FailureDetailsTest {

  private static final Schema NAMES = Schema.table("names").columns("id", "name").build();
  private static final Schema COUNTS = Schema.table("counts").columns("id", "n").build();

  private final Path directory;

  FailureDetailsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static BatchFlowException failure(BatchFlow flow, Row row) {
    Outcome<Row> outcome = flow.submitAll(Flux.just(row)).blockLast(Sandbox.PATIENCE);
    assertThat(outcome.error().row()).isSameAs(row);
    return outcome.error();
  }

  @Test
  void aKeyThatExistsIsADuplicateAndOtherErrorsHaveTheirCode() throws Exception {
    try (RedisProcess server = RedisProcess.start(directory)) {
      BatchFlow flow =
          BatchFlow.builder(
                  RedisBatchWriter.builder("redis://localhost:" + server.port())
                      .map(NAMES, RedisMapping.set("{id}", "name"))
                      .map(COUNTS, RedisMapping.incrBy("{id}", "n"))
                      .build())
              .build();
      flow.submit(NAMES.row().set("id", "a").set("name", "x")).block(Sandbox.PATIENCE);

      BatchFlowException duplicate = failure(flow, NAMES.row().set("id", "a").set("name", "y"));
      BatchFlowException noNumber = failure(flow, COUNTS.row().set("id", "a").set("n", 1));
      BatchFlowException unsendable = failure(flow, NAMES.row().set("id", "").set("name", null));

      assertThat(duplicate.isDuplicateKey()).isTrue();
      assertThat(duplicate.code()).isNull();
      assertThat(noNumber.isDuplicateKey()).isFalse();
      assertThat(noNumber.code()).isEqualTo("ERR");
      assertThat(List.of(duplicate.status(), noNumber.status(), unsendable.status()))
          .containsExactly(OutcomeStatus.REJECTED, OutcomeStatus.REJECTED, OutcomeStatus.INVALID);
      flow.close().block(Sandbox.PATIENCE);
    }
  }
}
