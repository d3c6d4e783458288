package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import picocli.CommandLine.TypeConversionException;

/** Whatever is given as a CSV file or as a duration is one, or is refused in so many words. */
class ParsingFuzzTest {

  @Provide
  Arbitrary<byte[]> files() {
    return Arbitraries.of(
            "a,b\n",
            "1,2\n",
            "\"",
            "\"x\"",
            ",",
            "\n",
            "\r",
            "\r\n",
            "\0",
            "ä",
            "\ufeff",
            "1e9",
            "2026-11-21",
            "true",
            "'",
            ";",
            "\t",
            "\ud800",
            "-",
            "a,a\n",
            " ")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8))
        .flatMap(
            bytes ->
                Arbitraries.integers()
                    .between(0, 20)
                    .map(at -> at < bytes.length ? withBadByte(bytes, at) : bytes));
  }

  private static byte[] withBadByte(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] = (byte) 0xff;
    return copy;
  }

  @Property(tries = 2_000, seed = "20261121")
  void anyFileIsLoadedOrRefused(@ForAll("files") byte[] content) throws IOException {
    Path file = Files.createTempFile("fuzz", ".csv");
    try {
      Files.write(file, content);
      CsvSource source = CsvSource.scan(file);
      List<String> columns = source.columns().stream().map(Column::name).toList();
      Schema schema = Schema.table("t").columns(columns).build();
      Refusals refusals = new Refusals();
      List<ColumnType> types = source.columns().stream().map(Column::type).toList();
      Long rows = source.rows(schema, types, refusals).count().block();
      assertThat(rows + refusals.count()).isEqualTo(source.size());
    } catch (LoadException refused) {
      assertThat(refused).hasMessageContaining(file.getFileName().toString());
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 4_000, seed = "20261121")
  void anyTextIsADurationOrRefused(@ForAll("durations") String text) {
    try {
      assertThat(new DurationConverter().convert(text)).isNotNull();
    } catch (TypeConversionException refused) {
      assertThat(refused).hasMessageContaining("'");
    }
  }

  @Provide
  Arbitrary<String> durations() {
    return Arbitraries.of(
            "1", "0", "-", "ms", "s", "m", "h", "d", "PT", "P1D", ".", "9999999999", " ")
        .list()
        .ofMaxSize(5)
        .map(parts -> String.join("", parts));
  }
}
