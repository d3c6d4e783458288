package io.batchflow.examples.orders;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Callers who place an order each, and the next one as soon as they have the answer. They wait as
 * long as {@code Retry-After} says. A caller that cannot connect has ended.
 */
final class OrderLoad {

  private static final String ORDER =
      "{\"id\":\"%s\",\"customer\":\"Ada\",\"items\":[{\"sku\":\"tea\",\"quantity\":1}]}";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * What became of a request.
   *
   * @param status 0 if there was no answer
   * @param failure why there was no answer
   */
  record Answer(
      UUID order,
      int status,
      String body,
      Instant at,
      Duration pause,
      @Nullable Throwable failure) {

    boolean isRefused() {
      return failure != null && failure.toString().contains(ConnectException.class.getName());
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ServiceProcess service;

  /** Random ids would be read from a file, which BlockHound does not allow to the callers. */
  private final long first = UUID.randomUUID().getMostSignificantBits();

  private final AtomicLong next = new AtomicLong();
  private final Set<UUID> sent = ConcurrentHashMap.newKeySet();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Disposable running;
  private final Mono<Void> end;

  private volatile boolean stopped;

  private OrderLoad(ServiceProcess service, int callers) {
    this.service = service;
    Flux<Answer> calls = Flux.range(0, callers).flatMap(caller -> caller(), callers);
    var shared = calls.publish();
    this.end = shared.then().cache();
    end.onErrorComplete().subscribe();
    this.running = shared.connect();
  }

  static OrderLoad start(ServiceProcess service, int callers) {
    return new OrderLoad(service, callers);
  }

  /** Stores the product that all orders are of. */
  static void stock(ServiceProcess service) throws Exception {
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(service.uri("/products/tea"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"name\":\"Tea\",\"priceCents\":450}"))
                .build(),
            HttpResponse.BodyHandlers.discarding());
  }

  private Flux<Answer> caller() {
    return Mono.defer(this::place)
        .doOnNext(answers::add)
        .flatMap(answer -> Mono.just(answer).delayElement(answer.pause()))
        .repeat(() -> !stopped)
        .takeUntil(Answer::isRefused);
  }

  private Mono<Answer> place() {
    UUID order = new UUID(first, next.incrementAndGet());
    sent.add(order);
    HttpRequest request =
        HttpRequest.newBuilder(service.uri("/orders"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(ORDER.formatted(order)))
            .build();
    return Mono.fromFuture(
            () -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()), true)
        .map(answer -> answered(order, answer))
        .onErrorResume(failure -> Mono.just(failed(order, failure)));
  }

  private static Answer answered(UUID order, HttpResponse<String> answer) {
    long pause = answer.headers().firstValueAsLong("Retry-After").orElse(0);
    return new Answer(
        order, answer.statusCode(), answer.body(), Instant.now(), Duration.ofSeconds(pause), null);
  }

  private static Answer failed(UUID order, Throwable failure) {
    return new Answer(order, 0, "", Instant.now(), Duration.ZERO, failure);
  }

  /** Returns the answers so far that meet a condition. */
  Stream<Answer> answers(Predicate<Answer> condition) {
    return answers.stream().filter(condition);
  }

  Set<UUID> sent() {
    return sent;
  }

  /** Returns the orders that were answered with 201. */
  Set<UUID> stored() {
    return answers(answer -> answer.status() == 201).map(Answer::order).collect(Collectors.toSet());
  }

  /** Waits until this many orders that meet a condition were answered. */
  void await(long count, Predicate<Answer> condition) {
    Flux.interval(Duration.ofMillis(100))
        .takeUntil(tick -> answers(condition).count() >= count)
        .blockLast(PATIENCE);
  }

  /** Lets each caller have its last answer, and waits for it. */
  void stop() {
    stopped = true;
    try {
      end.block(PATIENCE.multipliedBy(2));
    } finally {
      running.dispose();
    }
  }
}
