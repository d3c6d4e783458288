package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.batchflow.InvalidSchemaException;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;

/** Every CSV file is loaded row by row, or rejected with a reason. */
@Tag("fuzz")
class CsvFuzzTest {

  private static final int LONG = 20_000;

  @FuzzTest
  void anyFileIsLoadedRowByRowOrRejected(byte[] content) throws IOException {
    Path file = Files.createTempFile("fuzz", ".csv");
    try {
      Files.write(file, content);
      CsvSource source = CsvSource.scan(file);
      Schema schema =
          Schema.table("t").columns(source.columns().stream().map(Column::name).toList()).build();
      List<ColumnType> types = source.columns().stream().map(Column::type).toList();
      Rejections rejections = new Rejections();

      List<Row> rows = source.rows(schema, types, rejections).collectList().block();

      assertThat(rows.size() + rejections.count()).isEqualTo(source.size());
      // The types were inferred from these values, so only the number of fields can be wrong.
      assertThat(rejections.first())
          .allSatisfy(one -> assertThat(one.reason()).startsWith("it has"));
    } catch (LoadException rejected) {
      assertThat(rejected).hasMessageContaining(file.getFileName().toString());
      assertThat(rejected.getMessage().lines()).hasSize(1);
    } catch (InvalidSchemaException rejected) {
      assertThat(content).contains(0);
    } finally {
      Files.delete(file);
    }
  }

  @FuzzTest
  void anyTextHasAValueOfItsInferredType(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    TypeInference inference = new TypeInference();
    inference.accept(text);
    assertThat(inference.type().parse(text)).isPresent();
    assertThat(ColumnType.of(text)).isNotNull();
  }

  @FuzzTest
  void aLongTextIsReadInReasonableTime(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    String repeated = text.repeat(LONG / Math.max(1, text.length()));
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> new TypeInference().accept(repeated));
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> ColumnType.of(repeated));
  }
}
