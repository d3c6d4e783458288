package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.coalesce.BatchHandler;
import io.batchflow.coalesce.Reply;
import io.batchflow.mediator.BatchKey;
import io.batchflow.mediator.BatchOptions;
import io.batchflow.mediator.Mediator;
import io.batchflow.mediator.Request;
import io.batchflow.mediator.behavior.Behaviors;
import io.batchflow.mediator.behavior.InboxBehavior;
import io.batchflow.mediator.behavior.ObservationBehavior;
import io.batchflow.message.Message;
import io.batchflow.message.MessagePublisher;
import io.batchflow.micrometer.FlowMetrics;
import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.micrometer.observation.ObservationRegistry;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The examples of docs/mediator.md. */
class MediatorExampleTest {

  record FindPrice(String item) implements Request<Integer> {}

  @BatchOptions(maxBatchSize = 200, batchTimeout = 50)
  record Reserve(@BatchKey String warehouse, String item, int pieces) implements Request<Boolean> {}

  record Reserved(String item) {}

  record Pay(String id, int amount) implements Request<Integer> {}

  private static final class Busy extends RuntimeException {}

  private final List<String> mails = new ArrayList<>();

  private static Mono<Integer> price(FindPrice find) {
    return Mono.just(find.item().length());
  }

  private static BatchHandler<Reserve, Boolean> stock() {
    return BatchHandler.byPosition(
        wanted -> Mono.just(wanted.stream().map(each -> each.pieces() < 10).toList()));
  }

  private Mono<Void> mail(Reserved reserved) {
    return Mono.fromRunnable(() -> mails.add(reserved.item()));
  }

  private Mediator shop() {
    Mediator mediator =
        Mediator.builder()
            .handler(FindPrice.class, MediatorExampleTest::price)
            .batchHandler(Reserve.class, stock())
            .eventHandler("mail", Reserved.class, this::mail)
            .build();
    return mediator;
  }

  private static Mono<Boolean> order(Mediator mediator) {
    return mediator
        .send(new Reserve("Berlin", "tea", 2))
        .flatMap(
            enough ->
                enough ? mediator.publish(new Reserved("tea")).thenReturn(true) : Mono.just(false));
  }

  private static void check(Object message) {
    if (message instanceof Reserve reserve && reserve.pieces() < 1) {
      throw new IllegalArgumentException("A reservation has at least one piece");
    }
  }

  private static Mediator.Builder careful(
      Mediator.Builder builder, ObservationRegistry observations) {
    return builder
        .behavior(ObservationBehavior.create(observations))
        .behavior(Behaviors.validation(MediatorExampleTest::check))
        .behavior(Behaviors.timeout(Duration.ofSeconds(5)))
        .behavior(
            Behaviors.when(
                delivery -> delivery.message() instanceof FindPrice,
                Behaviors.retry(Retry.max(2).filter(Busy.class::isInstance))));
  }

  private static MessagePublisher toHandlers(Mediator mediator) {
    return MessagePublisher.each(message -> mediator.publish(eventOf(message)), 16);
  }

  private static Object eventOf(Message message) {
    return new Reserved(new String(message.payload(), StandardCharsets.UTF_8));
  }

  private static Mediator.Builder metered(Mediator.Builder builder) {
    return builder.flow((handler, flow) -> flow.listener(FlowMetrics.create(handler)));
  }

  @Test
  void aRequestIsSentAndAnEventPublished() {
    Mediator mediator = shop();
    assertThat(mediator.send(new FindPrice("tea")).block()).isEqualTo(3);
    assertThat(order(mediator).block(Duration.ofSeconds(30))).isTrue();
    assertThat(mails).containsExactly("tea");
    mediator.close().block(Duration.ofSeconds(30));
  }

  @Test
  void aMessageOfAnOutboxGoesToTheHandlers() {
    Mediator mediator = shop();
    byte[] payload = "tea".getBytes(StandardCharsets.UTF_8);
    toHandlers(mediator)
        .publish(List.of(Message.builder("reserved", payload).build()))
        .block(Duration.ofSeconds(30));
    assertThat(mails).containsExactly("tea");
    mediator.close().block(Duration.ofSeconds(30));
  }

  @Test
  void behaviorsAreAroundEachCall() {
    BatchHandler<Reserve, Boolean> all =
        calls -> Mono.just(calls.stream().map(call -> Reply.of(true)).toList());
    Mediator mediator =
        metered(careful(Mediator.builder(), ObservationRegistry.create()))
            .batchHandler(Reserve.class, all)
            .build();
    Mono<String> invalid =
        mediator
            .send(new Reserve("Berlin", "tea", 0))
            .map(String::valueOf)
            .onErrorResume(IllegalArgumentException.class, failure -> Mono.just("invalid"));
    assertThat(invalid.block(Duration.ofSeconds(30))).isEqualTo("invalid");
    mediator.close().block(Duration.ofSeconds(30));
  }

  private static Mono<Integer> pay(Pay pay) {
    return InboxBehavior.connection()
        .flatMapMany(
            connection ->
                connection
                    .createStatement("INSERT INTO payments (amount) VALUES ($1)")
                    .bind(0, pay.amount())
                    .execute())
        .flatMap(Result::getRowsUpdated)
        .then(Mono.just(pay.amount()));
  }

  private static Mediator payments(R2dbcInbox inbox, ConnectionFactory database) {
    Mediator mediator =
        Mediator.builder()
            .handler(Pay.class, MediatorExampleTest::pay)
            .behavior(
                InboxBehavior.create(
                    inbox, database, message -> message instanceof Pay pay ? pay.id() : null))
            .build();
    return mediator;
  }

  @Test
  void aPaymentThatArrivesTwiceIsPaidOnce() {
    ConnectionFactory database =
        ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
    R2dbcInbox inbox = R2dbcInbox.create(database, "payments");
    inbox.createTable().block();
    Flux.usingWhen(
            database.create(),
            connection ->
                Flux.from(
                        connection.createStatement("CREATE TABLE payments (amount INT)").execute())
                    .flatMap(Result::getRowsUpdated),
            connection -> connection.close())
        .blockLast();
    Mediator mediator = payments(inbox, database);
    assertThat(mediator.send(new Pay("1", 5)).block()).isEqualTo(5);
    assertThat(mediator.send(new Pay("1", 5)).block()).isNull();
  }
}
