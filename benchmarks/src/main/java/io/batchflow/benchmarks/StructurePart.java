package io.batchflow.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Measures the sources of the core: circles of references, sizes of files and packages. */
final class StructurePart implements Part {

  private static final Path SOURCES = Path.of("reactive-core", "src", "main", "java");

  @Override
  public String name() {
    return "structure";
  }

  @Override
  public String about() {
    return "circles of references in the core, and the sizes of its files and packages";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    try {
      return List.of(measure(root().resolve(SOURCES), out));
    } catch (IOException failure) {
      throw new UncheckedIOException("The sources of the core cannot be read", failure);
    }
  }

  /** The program starts in the root of the project or in its own module. */
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve(SOURCES)) ? here : here.resolve("..").normalize();
  }

  private static Figure measure(Path sources, PrintWriter out) throws IOException {
    List<Integer> lengths = new ArrayList<>();
    Map<Path, Integer> packages = new HashMap<>();
    for (Path file : SourceGraph.in(sources)) {
      lengths.add(Files.readAllLines(file).size());
      packages.merge(file.getParent(), 1, Integer::sum);
    }
    lengths.sort(null);
    Set<String> circle = SourceGraph.of(sources).largestCircle();
    out.printf("Largest circle: %s%n", String.join(", ", new TreeSet<>(circle)));
    packages.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            files ->
                out.printf(
                    "%4d files in %s%n", files.getValue(), sources.relativize(files.getKey())));
    return new Figure("structure")
        .with("module", "reactive-core")
        .with("files", String.valueOf(lengths.size()))
        .atMost("circle", circle.size(), 5)
        .atMost("median_lines", lengths.get(lengths.size() / 2), 90)
        .atMost("longest_lines", lengths.get(lengths.size() - 1), 300)
        .atMost(
            "most_files_in_a_package",
            packages.values().stream().max(Integer::compare).orElse(0),
            40);
  }
}
