package io.batchflow.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A server on Netty stops while its clients keep connections open. */
@Timeout(120)
class ConnectionDrainTest {

  private static final String ANSWER = "http/1.1 204 no content";
  private static final String CLOSE = "connection: close";
  private static final String LONG = "1h";
  private static final String SHORT = "100ms";

  private ConfigurableApplicationContext context;

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void requestsOnAnOpenConnectionAreAnsweredAndTheLastOneEndsIt() throws Exception {
    start(LONG);
    try (KeptConnection client = new KeptConnection(port())) {
      client.send("/");
      assertThat(client.head()).contains(ANSWER).doesNotContain(CLOSE);

      CompletableFuture<Void> stop = stop();
      List<String> head;
      do { // the server is told a little after new connections are refused
        client.send("/");
        head = client.head();
        assertThat(head).contains(ANSWER);
      } while (!head.contains(CLOSE));

      assertThat(client.isEnded()).isTrue();
      stop.join(); // long before the time of the drain
    }
  }

  @Test
  void aRequestInProgressIsAnsweredAlsoAfterTheTime() throws Exception {
    start(SHORT);
    try (KeptConnection idle = new KeptConnection(port());
        KeptConnection client = new KeptConnection(port())) {
      idle.send("/");
      assertThat(idle.head()).contains(ANSWER);
      client.send("/held");
      held().arrived.await();

      CompletableFuture<Void> stop = stop();
      assertThat(idle.isEnded()).isTrue();
      held().release.tryEmitEmpty();

      assertThat(client.head()).contains(ANSWER, CLOSE);
      assertThat(client.isEnded()).isTrue();
      stop.join();
    }
  }

  @Test
  void anIdleConnectionIsClosedAfterTheTime() throws Exception {
    start(SHORT);
    try (KeptConnection client = new KeptConnection(port())) {
      client.send("/");
      assertThat(client.head()).doesNotContain(CLOSE);

      context.close();

      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void withoutOpenConnectionsTheStopDoesNotWait() {
    start(LONG);
    context.close();
  }

  @Test
  void zeroLeavesTheServerAsItIs() throws IOException {
    start("0");
    try (KeptConnection client = new KeptConnection(port())) {
      client.send("/");
      assertThat(client.head()).isNotEmpty();

      context.close();

      assertThat(client.isEnded()).isTrue();
    }
  }

  private void start(String drainTime) {
    context =
        new SpringApplicationBuilder(Application.class)
            .run(
                "--server.port=0",
                "--spring.lifecycle.timeout-per-shutdown-phase=2h",
                "--batchflow.web.drain-time=" + drainTime);
  }

  private int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private Held held() {
    return context.getBean(Held.class);
  }

  /** Begins to stop the application. Returns when it takes no new connections. */
  private CompletableFuture<Void> stop() throws IOException {
    int port = port();
    CompletableFuture<Void> stop = CompletableFuture.runAsync(context::close);
    List<Socket> accepted = new ArrayList<>();
    try {
      while (true) {
        accepted.add(new Socket("localhost", port));
      }
    } catch (ConnectException refused) {
      return stop;
    } finally {
      for (Socket socket : accepted) {
        socket.close();
      }
    }
  }

  /** A request that is answered when the test says so. */
  static final class Held {

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final Sinks.Empty<Void> release = Sinks.empty();

    Mono<ServerResponse> answer() {
      arrived.countDown();
      return release.asMono().then(ServerResponse.noContent().build());
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {

    @Bean
    Held held() {
      return new Held();
    }

    @Bean
    RouterFunction<ServerResponse> routes(Held held) {
      return RouterFunctions.route()
          .GET("/", request -> ServerResponse.noContent().build())
          .GET("/held", request -> held.answer())
          .build();
    }

    /** Shared threads would end for all contexts of the JVM when the first one stops. */
    @Bean
    ReactorResourceFactory reactorResources() {
      ReactorResourceFactory resources = new ReactorResourceFactory();
      resources.setUseGlobalResources(false);
      resources.setShutdownQuietPeriod(Duration.ZERO);
      return resources;
    }
  }
}
