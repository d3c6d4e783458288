package io.batchflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceGraphTest {

  @TempDir private Path sources;

  @Test
  void filesThatReferToEachOtherAreACircle() throws IOException {
    write("a/One.java", "package a; class One { Two two; }");
    write("a/Two.java", "package a; class Two { b.Three three; }");
    write("b/Three.java", "package b; import a.One; class Three { One one; }");
    write("b/Four.java", "package b; import static a.One.name; class Four { Three three; }");

    assertThat(SourceGraph.of(sources).largestCircle())
        .containsExactlyInAnyOrder("a.One", "a.Two", "b.Three");
  }

  @Test
  void commentsAndStringsAreNoReferences() throws IOException {
    write("a/One.java", "package a; class One { Two two; }");
    write("a/Two.java", "package a; /** {@link One} */ class Two { String one = \"One\"; }");

    assertThat(SourceGraph.of(sources).largestCircle()).hasSize(1);
  }

  private void write(String file, String text) throws IOException {
    Path path = sources.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
