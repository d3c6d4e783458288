package io.batchflow.spring.boot.web;

import io.batchflow.BatchFlow;
import io.batchflow.Overflow;
import io.batchflow.annotation.Key;
import io.batchflow.spring.boot.TestDatabase;
import io.batchflow.table.Table;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** A real service on Netty, with a table of notes. */
final class IngestServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestDatabase database =
      TestDatabase.create("CREATE TABLE notes (id BIGINT PRIMARY KEY, text VARCHAR(20) NOT NULL)");
  private final HttpClient client = HttpClient.newHttpClient();
  private final ConfigurableApplicationContext context;

  private IngestServer(String... properties) {
    // A kept-alive connection may no longer be read: reactor-netty#4361, in 1.3.6.
    List<String> arguments =
        new ArrayList<>(List.of("--server.port=0", "--server.netty.max-keep-alive-requests=1"));
    for (String property : properties) {
      arguments.add("--" + property);
    }
    context =
        new SpringApplicationBuilder(Application.class)
            .initializers(
                it ->
                    ((org.springframework.context.support.GenericApplicationContext) it)
                        .registerBean(ConnectionFactory.class, database::connections))
            .run(arguments.toArray(String[]::new));
  }

  static IngestServer start(String... properties) {
    return new IngestServer(properties);
  }

  @io.batchflow.annotation.Table("notes")
  record Note(@Key long id, String text) {}

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {

    /** Shared threads would end for all servers of the JVM when the first one stops. */
    @Bean
    ReactorResourceFactory reactorResources() {
      ReactorResourceFactory resources = new ReactorResourceFactory();
      resources.setUseGlobalResources(false);
      return resources;
    }

    @Bean
    Notes notes(BatchFlow flow, FlowResponses responses, NdjsonIngest ndjson) {
      return new Notes(flow.table(Note.class), responses, ndjson);
    }
  }

  @RestController
  static class Notes {

    private final Table<Note> notes;
    private final FlowResponses responses;
    private final NdjsonIngest ndjson;

    Notes(Table<Note> notes, FlowResponses responses, NdjsonIngest ndjson) {
      this.notes = notes;
      this.responses = responses;
      this.ndjson = ndjson;
    }

    @PostMapping("/notes")
    Mono<ResponseEntity<Void>> one(@RequestBody Note note) {
      return notes.with(Overflow.FAIL).submit(note).map(responses::of);
    }

    @PostMapping(path = "/lines", consumes = MediaType.APPLICATION_NDJSON_VALUE)
    Mono<IngestReport> lines(ServerHttpRequest request) {
      return ndjson.store(request, notes, Note.class);
    }

    @PostMapping(
        path = "/mapped",
        consumes = MediaType.APPLICATION_NDJSON_VALUE,
        produces = MediaType.APPLICATION_NDJSON_VALUE)
    Flux<Object> mapped(ServerHttpRequest request) {
      return ndjson.store(request, notes, Notes::read).flatMapMany(IngestReport::asLines);
    }

    private static Note read(JsonNode json) {
      if (!json.has("number")) {
        throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "'number' is missing.");
      }
      return new Note(Long.parseLong(json.path("number").asString()), "mapped");
    }
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  long count() {
    return database.count("notes");
  }

  HttpResponse<String> postJson(String body) throws IOException, InterruptedException {
    return post("/notes", "application/json", HttpRequest.BodyPublishers.ofString(body));
  }

  HttpResponse<String> post(
      String path, String type, HttpRequest.BodyPublisher body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(PATIENCE)
            .header("Content-Type", type)
            .POST(body);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> postLines(String path, String... lines)
      throws IOException, InterruptedException {
    return post(
        path,
        MediaType.APPLICATION_NDJSON_VALUE,
        HttpRequest.BodyPublishers.ofString(String.join("\n", lines)));
  }

  @Override
  public void close() {
    context.close();
  }
}
