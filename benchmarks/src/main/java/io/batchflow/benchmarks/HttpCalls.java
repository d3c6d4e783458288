package io.batchflow.benchmarks;

import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** The load where there is no wrk. It needs much more of the processors. */
final class HttpCalls implements HttpLoad {

  private static final long RIGHT = 1;
  private static final int CREATED = 201;

  @Override
  public String name() {
    return "reactor-netty";
  }

  @Override
  public Measured run(URI uri, int connections, Duration length) {
    ConnectionProvider provider = ConnectionProvider.create("benchmark", connections);
    try {
      HttpClient client =
          HttpClient.create(provider)
              .headers(headers -> headers.set("Content-Type", "application/json"));
      AtomicLong id = new AtomicLong();
      CallLoop calls =
          new CallLoop(connections, RIGHT, any -> post(client, uri, id.incrementAndGet()));
      CallLoop.Measured measured = calls.run(length);
      return new Measured(
          measured.latency().getTotalCount(),
          measured.seconds(),
          measured.millis(50),
          measured.millis(99),
          measured.wrong());
    } finally {
      provider.dispose();
    }
  }

  private static Mono<Long> post(HttpClient client, URI uri, long id) {
    byte[] event = Wrk.EVENT.formatted(id).getBytes(StandardCharsets.UTF_8);
    return client
        .post()
        .uri(uri)
        .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(event)))
        .responseSingle(
            (answer, body) ->
                body.then(Mono.just(answer.status().code() == CREATED ? RIGHT : -RIGHT)));
  }
}
