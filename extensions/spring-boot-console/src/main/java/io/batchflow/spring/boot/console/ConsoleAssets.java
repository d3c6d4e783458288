package io.batchflow.spring.boot.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** The files of the page, in memory. */
record ConsoleAssets(Map<String, Asset> files) {

  static final String PAGE = "console.html";

  private static final String OURS = "io/batchflow/spring/boot/console/";
  private static final String CHARTS = "META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final Map<String, MediaType> TYPES =
      Map.of(
          "html", MediaType.valueOf("text/html;charset=UTF-8"),
          "js", MediaType.valueOf("text/javascript;charset=UTF-8"),
          "css", MediaType.valueOf("text/css;charset=UTF-8"));

  static ConsoleAssets load() {
    return new ConsoleAssets(
        resources().stream().collect(Collectors.toMap(ConsoleAssets::name, Asset::read)));
  }

  /** Returns where the files are in the class path. */
  static List<String> resources() {
    return List.of(
        OURS + PAGE,
        OURS + "console.js",
        OURS + "charts.js",
        OURS + "console.css",
        CHARTS + "uPlot.iife.min.js",
        CHARTS + "uPlot.min.css");
  }

  private static String name(String resource) {
    return resource.substring(resource.lastIndexOf('/') + 1);
  }

  /** Returns a file, or null if there is none of that name. */
  @Nullable Asset get(String name) {
    return files.get(name);
  }

  /** One file. */
  @SuppressWarnings("ArrayRecordComponent")
  record Asset(byte[] content, MediaType type) {

    static Asset read(String resource) {
      String ending = resource.substring(resource.lastIndexOf('.') + 1);
      try (InputStream file =
          Objects.requireNonNull(
              ConsoleAssets.class.getResourceAsStream("/" + resource), resource)) {
        return new Asset(file.readAllBytes(), Objects.requireNonNull(TYPES.get(ending)));
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }
}
