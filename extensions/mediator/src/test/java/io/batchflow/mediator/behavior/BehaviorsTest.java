package io.batchflow.mediator.behavior;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.coalesce.BatchHandler;
import io.batchflow.mediator.Behavior;
import io.batchflow.mediator.Delivery;
import io.batchflow.mediator.Mediator;
import io.batchflow.mediator.Request;
import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

class BehaviorsTest {

  record Pay(String id, int amount) implements Request<Integer> {}

  record Paid(String id) {}

  private final AtomicInteger calls = new AtomicInteger();

  private Mono<Integer> pay(Pay pay) {
    return Mono.fromCallable(
        () -> {
          if (calls.incrementAndGet() < 3) {
            throw new IllegalStateException("busy");
          }
          return pay.amount();
        });
  }

  private Mediator mediator(Behavior... behaviors) {
    Mediator.Builder builder = Mediator.builder().handler(Pay.class, this::pay);
    for (Behavior behavior : behaviors) {
      builder.behavior(behavior);
    }
    return builder.build();
  }

  private static void check(Object message) {
    if (message instanceof Pay pay && pay.amount() <= 0) {
      throw new IllegalArgumentException("amount");
    }
  }

  @Test
  void anInvalidMessageIsNotHandled() {
    Mediator mediator = mediator(Behaviors.validation(BehaviorsTest::check));
    StepVerifier.create(mediator.send(new Pay("1", 0))).verifyError(IllegalArgumentException.class);
    assertThat(calls).hasValue(0);
  }

  @Test
  void aFailedCallIsRepeated() {
    Mediator mediator = mediator(Behaviors.retry(Retry.max(2)));
    StepVerifier.create(mediator.send(new Pay("1", 5))).expectNext(5).verifyComplete();
    assertThat(calls).hasValue(3);
  }

  @Test
  void aCallEndsAtItsTimeout() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    Mediator mediator =
        Mediator.builder()
            .handler(Pay.class, pay -> Mono.never())
            .behavior(Behaviors.timeout(Duration.ofSeconds(3), time))
            .build();
    StepVerifier.create(mediator.send(new Pay("1", 5)))
        .then(() -> time.advanceTimeBy(Duration.ofSeconds(3)))
        .verifyError(TimeoutException.class);
  }

  @Test
  void aBehaviorMayApplyToSomeMessagesOnly() {
    Mediator mediator =
        mediator(
            Behaviors.when(
                delivery -> delivery.message() instanceof Paid, Behaviors.retry(Retry.max(9))));
    StepVerifier.create(mediator.send(new Pay("1", 5))).verifyError(IllegalStateException.class);
    assertThat(calls).hasValue(1);
  }

  @Test
  void eachCallIsAnObservationOfItsCaller() {
    List<Observation.Context> stopped = new ArrayList<>();
    ObservationRegistry registry = ObservationRegistry.create();
    registry.observationConfig().observationHandler(new Stopped(stopped));
    Observation caller = Observation.start("caller", registry);
    List<Observation> inHandler = new ArrayList<>();
    Mediator mediator =
        Mediator.builder()
            .handler(
                Pay.class,
                pay ->
                    Mono.deferContextual(
                        context -> {
                          inHandler.add(context.get(ObservationThreadLocalAccessor.KEY));
                          return Mono.error(new IllegalStateException("broken"));
                        }))
            .behavior(ObservationBehavior.create(registry))
            .build();
    StepVerifier.create(
            mediator
                .send(new Pay("1", 5))
                .contextWrite(with -> with.put(ObservationThreadLocalAccessor.KEY, caller)))
        .verifyError(IllegalStateException.class);
    caller.stop();

    Observation.Context call = stopped.get(0);
    assertThat(call.getName()).isEqualTo("batchflow.mediator");
    assertThat(call.getLowCardinalityKeyValues())
        .extracting(each -> each.getKey() + "=" + each.getValue())
        .containsExactlyInAnyOrder("handler=Pay", "kind=request");
    assertThat(call.getError()).hasMessage("broken");
    assertThat(call.getParentObservation()).isSameAs(caller);
    assertThat(stopped).hasSize(2);
    assertThat(inHandler).singleElement().isNotEqualTo(caller);
  }

  private record Stopped(List<Observation.Context> contexts)
      implements ObservationHandler<Observation.Context> {

    @Override
    public void onStop(Observation.Context context) {
      contexts.add(context);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  private static Mono<Void> run(Connection connection, String sql) {
    return Flux.from(connection.createStatement(sql).execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }

  private static long sum(ConnectionFactory database) {
    Long sum =
        Flux.usingWhen(
                database.create(),
                connection ->
                    Flux.from(
                            connection
                                .createStatement("SELECT COALESCE(SUM(amount), 0) FROM payments")
                                .execute())
                        .flatMap(result -> result.map(row -> row.get(0, Long.class))),
                Connection::close)
            .blockFirst(Duration.ofSeconds(30));
    return sum == null ? -1 : sum;
  }

  private static Mono<Integer> paid(Pay pay) {
    return InboxBehavior.connection()
        .flatMap(
            connection -> run(connection, "INSERT INTO payments VALUES (" + pay.amount() + ")"))
        .then(
            Mono.fromCallable(
                () -> {
                  if (pay.amount() > 100) {
                    throw new IllegalStateException("too much");
                  }
                  return pay.amount();
                }));
  }

  private static ConnectionFactory databaseOfPayments() {
    ConnectionFactory database =
        ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
    R2dbcInbox.create(database, "payments").createTable().block();
    Mono.usingWhen(
            database.create(),
            connection -> run(connection, "CREATE TABLE payments (amount INT)"),
            Connection::close)
        .block();
    return database;
  }

  private static InboxBehavior inboxOf(ConnectionFactory database) {
    return InboxBehavior.create(
        R2dbcInbox.create(database, "payments"),
        database,
        message -> message instanceof Pay pay ? pay.id() : null);
  }

  @Test
  void aReplyThatWasKeptIsRepeated() {
    ConnectionFactory database = databaseOfPayments();
    Mediator mediator =
        Mediator.builder()
            .handler(Pay.class, BehaviorsTest::paid)
            .behavior(
                inboxOf(database)
                    .repeatReplies(
                        reply -> reply.toString().getBytes(UTF_8),
                        (message, bytes) -> Integer.valueOf(new String(bytes, UTF_8))))
            .build();

    StepVerifier.create(mediator.send(new Pay("a", 5))).expectNext(5).verifyComplete();
    StepVerifier.create(mediator.send(new Pay("a", 9))).expectNext(5).verifyComplete();
    assertThat(sum(database)).isEqualTo(5);
  }

  @Test
  void aMessageThatArrivesTwiceHasItsEffectOnce() {
    ConnectionFactory database = databaseOfPayments();
    Mediator mediator =
        Mediator.builder()
            .handler(Pay.class, BehaviorsTest::paid)
            .behavior(inboxOf(database))
            .build();

    StepVerifier.create(mediator.send(new Pay("a", 5))).expectNext(5).verifyComplete();
    StepVerifier.create(mediator.send(new Pay("a", 5))).verifyComplete();
    assertThat(sum(database)).isEqualTo(5);

    StepVerifier.create(mediator.send(new Pay("b", 101))).verifyError(IllegalStateException.class);
    assertThat(sum(database)).isEqualTo(5);
    StepVerifier.create(mediator.send(new Pay("b", 7))).expectNext(7).verifyComplete();
    assertThat(sum(database)).isEqualTo(12);
  }

  @Test
  void aBatchHandlerCannotShareTheTransactionOfOneRequest() {
    ConnectionFactory database = ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID());
    BatchHandler<Pay, Integer> handler = BatchHandler.byPosition(calls -> Mono.empty());
    Mediator mediator =
        Mediator.builder()
            .batchHandler(Pay.class, handler)
            .behavior(
                InboxBehavior.create(
                    R2dbcInbox.create(database, "payments"), database, message -> "id"))
            .build();
    StepVerifier.create(mediator.send(new Pay("a", 5)))
        .verifyErrorSatisfies(
            failure -> assertThat(failure).hasMessageContaining("Behaviors.when"));
    assertThat(new Delivery("secret", "Pay", Delivery.Kind.EVENT).toString())
        .doesNotContain("secret");
    mediator.close().block(Duration.ofSeconds(30));
  }
}
