package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jars are modules. Only {@code mvn verify} builds jars. {@code mvn test} has directories. */
@Tag("long")
class ModulePathTest {

  private static final Pattern NEEDED =
      Pattern.compile(
          "(batchflow-reactive-(core|r2dbc)|reactor-(core|pool)|reactive-streams|r2dbc-(spi|pool)"
              + "|jspecify|sqlite-jdbc|slf4j-api)-.*\\.jar");

  private static final String MODULE = "module shop { requires io.batchflow.r2dbc; }";

  private static final String PROGRAM =
      """
      package shop;

      import io.batchflow.BatchFlow;
      import io.batchflow.Schema;
      import io.batchflow.jdbc.JdbcBatchWriter;
      import io.batchflow.sql.dialect.Dialects;
      import java.io.PrintWriter;
      import java.lang.reflect.Proxy;
      import java.sql.DriverManager;
      import javax.sql.DataSource;

      class Main {
        public static void main(String[] args) throws Exception {
          try (var connection = DriverManager.getConnection(args[0])) {
            connection.createStatement().execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
          }
          DataSource source =
              (DataSource)
                  Proxy.newProxyInstance(
                      Main.class.getClassLoader(),
                      new Class<?>[] {DataSource.class},
                      (proxy, method, values) -> DriverManager.getConnection(args[0]));
          Schema orders = Schema.table("orders").columns("id").build();
          BatchFlow flow =
              BatchFlow.builder(JdbcBatchWriter.create(source, Dialects.sqlite())).build();
          System.out.println(flow.submit(orders.row().set("id", 1)).block().verdict());
          flow.close().block();
        }
      }
      """;

  private final Path directory;
  private final List<Path> jars;

  ModulePathTest(@TempDir Path directory) {
    this.directory = directory;
    this.jars =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .filter(file -> NEEDED.matcher(String.valueOf(file.getFileName())).matches())
            .toList();
  }

  @BeforeEach
  void jarsAreThere() {
    assumeThat(jars)
        .as("run `mvn -pl examples -am verify`")
        .anyMatch(jar -> jar.getFileName().toString().startsWith("batchflow-reactive-core"));
  }

  @Test
  void theEngineIsNotExported() {
    assertThat(ModuleFinder.of(jars.toArray(new Path[0])).find("io.batchflow"))
        .hasValueSatisfying(
            core ->
                assertThat(core.descriptor().exports().stream().map(Exports::source))
                    .contains("io.batchflow", "io.batchflow.audit", "io.batchflow.micrometer")
                    .noneMatch(name -> name.contains("internal")));
  }

  @Test
  void aProgramOnTheModulePathWritesARow() throws IOException, InterruptedException {
    Path sources = Files.createDirectories(directory.resolve("src/shop"));
    Path info = Files.writeString(directory.resolve("src/module-info.java"), MODULE);
    Path main = Files.writeString(sources.resolve("Main.java"), PROGRAM);
    String path = jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    String classes = directory.resolve("classes").toString();

    assertThat(run("javac", "-p", path, "-d", classes, info.toString(), main.toString())).isEmpty();
    assertThat(
            run(
                "java",
                "-p",
                path + File.pathSeparator + classes,
                "-m",
                "shop/shop.Main",
                "jdbc:sqlite:" + directory.resolve("shop.db")))
        .contains("WRITTEN");
  }

  private static String run(String tool, String... arguments)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()),
                        Stream.of(arguments))
                    .toList())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
