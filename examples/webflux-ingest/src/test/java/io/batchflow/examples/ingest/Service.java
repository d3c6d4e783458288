package io.batchflow.examples.ingest;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.Result;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.publisher.Flux;

/** The service with its own port and database, and a plain HTTP client. */
final class Service implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String url = "r2dbc:h2:mem:///" + UUID.randomUUID() + "?options=DB_CLOSE_DELAY=-1";
  private final HttpClient client = HttpClient.newHttpClient();
  private final ConfigurableApplicationContext context;

  private Service(Class<?> more, String... arguments) {
    // A kept-alive connection may no longer be read: reactor-netty#4361, in 1.3.6.
    List<String> all =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--spring.r2dbc.url=" + url,
                "--server.netty.max-keep-alive-requests=1"));
    all.addAll(List.of(arguments));
    context =
        new SpringApplicationBuilder(IngestApplication.class, OwnThreads.class, more)
            .run(all.toArray(new String[0]));
  }

  /** Shared threads would end for all services of the JVM when the first service stops. */
  @Configuration(proxyBeanMethods = false)
  static class OwnThreads {

    @Bean
    ReactorResourceFactory reactorResources() {
      ReactorResourceFactory resources = new ReactorResourceFactory();
      resources.setUseGlobalResources(false);
      return resources;
    }
  }

  static Service start(String... arguments) {
    return new Service(OwnThreads.class, arguments);
  }

  /** Starts the service with the beans of a further configuration. */
  static Service startWith(Class<?> configuration) {
    return new Service(configuration);
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  /** Returns the URL of its database. */
  String url() {
    return url;
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
        .timeout(PATIENCE);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Posts with further headers, given as pairs of name and value. */
  HttpResponse<String> post(String path, String type, String body, String... headers)
      throws IOException, InterruptedException {
    return postLater(path, type, body, headers).join();
  }

  CompletableFuture<HttpResponse<String>> postLater(
      String path, String type, String body, String... headers) {
    HttpRequest.Builder request = request(path).header("Content-Type", type);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.sendAsync(
        request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Runs SQL on another connection. Returns the first number of the result, or 0. */
  long sql(String sql) {
    Long number =
        Flux.usingWhen(
                ConnectionFactories.get(url).create(),
                connection ->
                    Flux.from(connection.createStatement(sql).execute())
                        .concatMap(
                            (Result result) ->
                                result.map(row -> ((Number) row.get(0)).longValue())),
                Connection::close)
            .blockFirst(PATIENCE);
    return number == null ? 0 : number;
  }

  @Override
  public void close() {
    context.close();
  }
}
