package io.batchflow.spring.boot.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;
import reactor.core.publisher.Flux;

/**
 * The new application of the docs has the size that they promise, compiles with the starter, and
 * stores a row.
 */
@Timeout(120)
class NewApplicationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Path PAGE = Path.of("../../docs/spring-boot.md");

  @TempDir private Path directory;

  @Test
  void theApplicationOfTheDocsStoresARowThatItGetsOverHttp() throws Exception {
    String java = block("java");
    String yaml = block("yaml");
    assertThat(java.lines()).hasSizeLessThanOrEqualTo(30);
    assertThat(yaml.lines()).hasSizeLessThanOrEqualTo(5);
    Files.writeString(directory.resolve("application.yaml"), yaml);
    Files.writeString(directory.resolve("schema.sql"), block("sql"));
    compile(Files.writeString(directory.resolve("Shop.java"), java));

    try (URLClassLoader loader =
            new URLClassLoader(new URL[] {directory.toUri().toURL()}, getClass().getClassLoader());
        ConfigurableApplicationContext shop = start(loader)) {
      assertThat(post(shop, "{\"id\": 1, \"sender\": \"Ada\"}").statusCode()).isEqualTo(200);
      assertThat(senders(shop)).containsExactly("Ada");
    }
  }

  /** Returns the first block of a language on the page. */
  private static String block(String language) throws Exception {
    Matcher found =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertThat(found.find()).as(language).isTrue();
    return found.group(1);
  }

  private void compile(Path source) {
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-parameters",
                "-d",
                directory.toString(),
                source.toString());
    assertThat(status).isZero();
  }

  private static ConfigurableApplicationContext start(ClassLoader loader) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader own = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      SpringApplication application =
          new SpringApplication(new DefaultResourceLoader(loader), loader.loadClass("shop.Shop"));
      return application.run("--server.port=0");
    } finally {
      thread.setContextClassLoader(own);
    }
  }

  private static HttpResponse<String> post(ConfigurableApplicationContext shop, String body)
      throws Exception {
    String port = shop.getEnvironment().getRequiredProperty("local.server.port");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/parcels"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static List<String> senders(ConfigurableApplicationContext shop) {
    return Flux.usingWhen(
            shop.getBean(ConnectionFactory.class).create(),
            connection ->
                Flux.<Result>from(connection.createStatement("SELECT sender FROM parcel").execute())
                    .concatMap(result -> result.map(row -> row.get(0, String.class))),
            connection -> connection.close())
        .collectList()
        .block(PATIENCE);
  }
}
