package io.batchflow.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The requests of the README get the answers that it promises, in their order. */
@Tag("server")
class ReadmeTest {

  private static final String ADDRESS = "localhost:8080";

  private static final Pattern CURL = Pattern.compile("(?m)^curl (.*)  # (\\d{3})$");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  @Test
  void everyRequestGetsItsAnswer() throws Exception {
    Matcher requests = CURL.matcher(Files.readString(Path.of("README.md")));
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        ServiceProcess service = ServiceProcess.start(database.server())) {
      int count = 0;
      while (requests.find()) {
        count++;
        assertThat(status(requests.group(1), service))
            .as(requests.group())
            .isEqualTo(Integer.parseInt(requests.group(2)));
      }
      assertThat(count).isGreaterThan(5);
    }
  }

  /** Sends what curl would send. */
  private static int status(String arguments, ServiceProcess service) throws Exception {
    List<String> words = new ArrayList<>();
    WORD.matcher(arguments)
        .results()
        .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
    String method = "GET";
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();
    HttpRequest.Builder request = HttpRequest.newBuilder();
    for (int i = 0; i < words.size(); i++) {
      switch (words.get(i)) {
        case "-i" -> {}
        case "-X" -> method = words.get(++i);
        case "--json" -> {
          request.header("Content-Type", "application/json");
          body = HttpRequest.BodyPublishers.ofString(words.get(++i));
          method = method.equals("GET") ? "POST" : method;
        }
        default -> {
          assertThat(words.get(i)).startsWith(ADDRESS);
          URI uri = service.uri(words.get(i).substring(ADDRESS.length()));
          request.uri(uri);
        }
      }
    }
    return HttpClient.newHttpClient()
        .send(request.method(method, body).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
