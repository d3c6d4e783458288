package io.batchflow.spring.boot.aot;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.FileSystemGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/**
 * The code that Spring generates for a context, compiled.
 *
 * @param initializer the name of the generated class that registers the beans
 */
record GeneratedContext(Path directory, String initializer, RuntimeHints hints) {

  static GeneratedContext of(Path directory, Class<?> application, String... properties) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    TestPropertyValues.of(properties).applyTo(context);
    context.register(application);
    DefaultGenerationContext generation =
        new DefaultGenerationContext(
            new ClassNameGenerator(ClassName.get(application)),
            new FileSystemGeneratedFiles(directory));
    ClassName initializer =
        new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
    generation.writeGeneratedContent();
    GeneratedContext generated =
        new GeneratedContext(directory, initializer.reflectionName(), generation.getRuntimeHints());
    generated.compile();
    return generated;
  }

  private void compile() {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (Stream<Path> files = Files.walk(directory.resolve("sources"))) {
      List<String> sources =
          files.map(Path::toString).filter(file -> file.endsWith(".java")).toList();
      List<String> arguments =
          Stream.concat(
                  Stream.of("-proc:none", "-nowarn", "-d", classes().toString()), sources.stream())
              .toList();
      int status = compiler.run(null, null, null, arguments.toArray(String[]::new));
      if (status != 0) {
        throw new AssertionError("The generated code does not compile: " + directory);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Returns a loader of the generated classes and of all others, since generated classes use what
   * is package-private.
   */
  URLClassLoader loader() {
    URL[] urls =
        Stream.concat(
                Stream.of(classes(), directory.resolve("resources")),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of))
            .map(GeneratedContext::url)
            .toArray(URL[]::new);
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  private Path classes() {
    return directory.resolve("classes");
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }
}
