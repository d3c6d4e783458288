package io.batchflow.benchmarks;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jgrapht.Graph;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.graph.DefaultDirectedGraph;
import org.jgrapht.graph.DefaultEdge;
import org.jspecify.annotations.Nullable;

/**
 * The source files of a module and their references to each other. References are the identifiers
 * of the syntax tree, so comments and strings do not count.
 */
final class SourceGraph {

  private final Graph<String, DefaultEdge> names = new DefaultDirectedGraph<>(DefaultEdge.class);

  private SourceGraph(List<CompilationUnitTree> units) {
    Map<String, String> packages = new HashMap<>();
    for (CompilationUnitTree unit : units) {
      packages.put(typeOf(unit), packageOf(unit));
      names.addVertex(typeOf(unit));
    }
    for (CompilationUnitTree unit : units) {
      String type = typeOf(unit);
      namedBy(unit, packages).stream()
          .filter(named -> !named.equals(type))
          .forEach(named -> names.addEdge(type, named));
    }
  }

  /** Parses the Java files under a directory, except {@code package-info}. */
  static SourceGraph of(Path directory) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(in(directory)));
      return new SourceGraph(Stream.of(task.parse()).flatMap(SourceGraph::each).toList());
    }
  }

  /** Returns the Java files under a directory, except {@code package-info}. */
  static List<Path> in(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .toList();
    }
  }

  private static Stream<CompilationUnitTree> each(Iterable<? extends CompilationUnitTree> units) {
    Stream.Builder<CompilationUnitTree> all = Stream.builder();
    units.forEach(all);
    return all.build();
  }

  /** Returns the largest set of files in which each file refers to every other, directly or not. */
  Set<String> largestCircle() {
    return new KosarajuStrongConnectivityInspector<>(names)
        .stronglyConnectedSets().stream()
            .max((one, other) -> Integer.compare(one.size(), other.size()))
            .orElse(Set.of());
  }

  private static String packageOf(CompilationUnitTree unit) {
    return String.valueOf(unit.getPackageName());
  }

  private static String typeOf(CompilationUnitTree unit) {
    String file = Path.of(unit.getSourceFile().toUri()).getFileName().toString();
    return packageOf(unit) + "." + file.substring(0, file.length() - ".java".length());
  }

  private static Set<String> namedBy(CompilationUnitTree unit, Map<String, String> packages) {
    Map<String, String> visible = new HashMap<>();
    packages.forEach(
        (type, inPackage) -> {
          if (inPackage.equals(packageOf(unit))) {
            visible.put(type.substring(inPackage.length() + 1), type);
          }
        });
    Set<String> named = new HashSet<>();
    for (ImportTree imported : unit.getImports()) {
      for (String name = imported.getQualifiedIdentifier().toString();
          name.contains(".");
          name = name.substring(0, name.lastIndexOf('.'))) {
        if (packages.containsKey(name)) {
          named.add(name);
        }
      }
    }
    new TreeScanner<@Nullable Void, @Nullable Void>() {
      @Override
      public @Nullable Void visitIdentifier(IdentifierTree identifier, @Nullable Void nothing) {
        String type = visible.get(identifier.getName().toString());
        if (type != null) {
          named.add(type);
        }
        return null;
      }

      @Override
      public @Nullable Void visitMemberSelect(MemberSelectTree select, @Nullable Void nothing) {
        if (packages.containsKey(select.toString())) {
          named.add(select.toString());
        }
        return super.visitMemberSelect(select, null);
      }
    }.scan(unit.getTypeDecls(), null);
    return named;
  }
}
