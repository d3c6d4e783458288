package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An example to copy from: the watermark of a file tells where the next run goes on. */
class LogImportTest {

  private final Path file;
  private final Path checkpoint;
  private final Database database;

  LogImportTest(@TempDir Path directory) {
    file = directory.resolve("app.log");
    checkpoint = directory.resolve("app.log.position");
    database = Database.Kind.H2.in(directory);
  }

  @BeforeEach
  void createTable() {
    database.run("CREATE TABLE lines (no BIGINT PRIMARY KEY, line VARCHAR(5))");
  }

  private Long run() {
    BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(database.url())).build();
    try {
      return new LogImport(flow, checkpoint).run(file).block();
    } finally {
      flow.close().block();
    }
  }

  @Test
  void theNextRunGoesOnAtTheFirstLineThatIsMissing() throws IOException {
    Files.write(file, List.of("one", "two", "much too long", "four"));

    assertThat(run()).isEqualTo(1);
    assertThat(checkpoint).hasContent("2");
    assertThat(database.read("SELECT no FROM lines ORDER BY no")).hasSize(3);

    database.run("ALTER TABLE lines ALTER COLUMN line VARCHAR(50)");
    assertThat(run()).isZero();
    assertThat(checkpoint).hasContent("4");
    assertThat(database.read("SELECT line FROM lines ORDER BY no"))
        .containsExactly(List.of("one"), List.of("two"), List.of("much too long"), List.of("four"));
  }
}
