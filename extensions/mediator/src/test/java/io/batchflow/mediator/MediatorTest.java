package io.batchflow.mediator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.coalesce.BatchHandler;
import io.batchflow.coalesce.CallFailedException;
import io.batchflow.coalesce.Reply;
import io.batchflow.test.LedgerAssertions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class MediatorTest {

  private static final Duration MOMENT = Duration.ofSeconds(1);

  record Greet(String name) implements Request<String> {}

  @BatchOptions(maxBatchSize = 3)
  record Reserve(@BatchKey String item, int pieces) implements Request<Integer> {}

  record Count(int number) implements Request<Integer> {}

  interface OrderEvent {}

  record Placed(int order) implements OrderEvent {}

  record Cancelled(int order) implements OrderEvent {}

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final List<List<?>> lists = new ArrayList<>();
  private final Sinks.Empty<Void> busy = Sinks.empty();

  private Mediator.Builder builder() {
    return Mediator.builder().flow((name, flow) -> flow.scheduler(time));
  }

  private <T> T balanced(Mediator mediator, String handler, T answer) {
    LedgerAssertions.assertBalanced(mediator.coalescers().get(handler));
    return answer;
  }

  @Test
  void aRequestGoesToTheHandlerOfItsType() {
    Mediator mediator =
        builder()
            .handler(Greet.class, greet -> Mono.just("Hello " + greet.name()))
            .handler(Count.class, count -> Mono.just(count.number()))
            .build();
    StepVerifier.create(mediator.send(new Greet("Ada"))).expectNext("Hello Ada").verifyComplete();
    StepVerifier.create(mediator.send(new Count(7))).expectNext(7).verifyComplete();
    StepVerifier.create(mediator.send(new Reserve("tea", 1)))
        .verifyErrorSatisfies(
            failure ->
                assertThat(failure)
                    .isInstanceOf(NoHandlerException.class)
                    .hasMessageContaining("Reserve"));
  }

  /** The first list keeps the handler busy, so that the others gather. */
  private Mono<List<Reply<Integer>>> shuffled(List<Count> counts) {
    lists.add(counts);
    List<Count> inAnyOrder = new ArrayList<>(counts);
    Collections.shuffle(inAnyOrder, new Random(counts.size()));
    Map<Count, Integer> squares = new HashMap<>();
    inAnyOrder.forEach(count -> squares.put(count, count.number() * count.number()));
    Mono<List<Reply<Integer>>> replies =
        Mono.fromSupplier(
            () ->
                counts.stream()
                    .map(
                        count ->
                            count.number() % 10 == 9
                                ? Reply.<Integer>failed(new IllegalArgumentException("bad"))
                                : Reply.of(squares.get(count)))
                    .toList());
    return lists.size() == 1 ? busy.asMono().then(replies) : replies;
  }

  @Test
  void eachCallerGetsItsOwnReplyAndABadRequestFailsAlone() {
    Mediator mediator = builder().batchHandler(Count.class, this::shuffled).build();
    Map<Integer, Object> answers = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      int number = i;
      mediator
          .send(new Count(number))
          .subscribe(reply -> answers.put(number, reply), failure -> answers.put(number, failure));
    }
    busy.tryEmitEmpty();
    time.advanceTimeBy(MOMENT);

    assertThat(lists).hasSizeLessThan(20);
    assertThat(answers).hasSize(40);
    answers.forEach(
        (number, answer) -> {
          if (number % 10 == 9) {
            assertThat(answer).isInstanceOf(CallFailedException.class);
          } else {
            assertThat(answer).isEqualTo(number * number);
          }
        });
    balanced(mediator, "Count", answers);
  }

  @Test
  void aRequestThatIsCancelledInTimeIsNotHandled() {
    Mediator mediator = builder().batchHandler(Count.class, this::shuffled).build();
    mediator.send(new Count(0)).subscribe();
    mediator.send(new Count(1)).subscribe();
    Disposable cancelled = mediator.send(new Count(2)).subscribe();
    mediator.send(new Count(3)).subscribe();
    cancelled.dispose();
    busy.tryEmitEmpty();
    time.advanceTimeBy(MOMENT);
    assertThat(lists).allSatisfy(list -> assertThat(list).isNotEqualTo(List.of(new Count(2))));
    assertThat(lists.stream().flatMap(List::stream).map(Object::toString))
        .contains("Count[number=3]")
        .doesNotContain("Count[number=2]");
    assertThat(balanced(mediator, "Count", lists)).isNotEmpty();
  }

  private Mono<List<Reply<Integer>>> reserved(List<Reserve> wanted) {
    lists.add(wanted);
    Mono<List<Reply<Integer>>> replies =
        Mono.fromSupplier(() -> wanted.stream().map(each -> Reply.of(each.pieces())).toList());
    return wanted.get(0).item().equals("slow") ? busy.asMono().then(replies) : replies;
  }

  @Test
  void requestsAreCollectedByTheirKeyAndTheOptionsOfTheirType() {
    Mediator mediator = builder().batchHandler(Reserve.class, this::reserved).build();
    List<Integer> replies = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      mediator.send(new Reserve("slow", i)).subscribe(replies::add);
      mediator.send(new Reserve("tea", 10 + i)).subscribe(replies::add);
    }
    time.advanceTimeBy(MOMENT);
    assertThat(replies).containsExactlyInAnyOrder(10, 11, 12, 13, 14, 15, 16, 17);
    assertThat(mediator.coalescers().get("Reserve").activeKeys()).isEqualTo(1);

    busy.tryEmitEmpty();
    time.advanceTimeBy(MOMENT);
    assertThat(replies.subList(8, 16)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(lists).allSatisfy(list -> assertThat(list).hasSizeLessThanOrEqualTo(3));
    assertThat(lists)
        .allSatisfy(
            list ->
                assertThat(list.stream().map(each -> ((Reserve) each).item()).distinct())
                    .hasSize(1));
    assertThat(mediator.coalescers().get("Reserve").activeKeys()).isZero();
  }

  @Test
  void anEventGoesToAllHandlersOfItsTypes() {
    List<String> handled = new ArrayList<>();
    Mediator mediator =
        builder()
            .eventHandler(
                "mail", Placed.class, event -> Mono.fromRunnable(() -> handled.add("mail")))
            .eventHandler(
                "count", OrderEvent.class, event -> Mono.fromRunnable(() -> handled.add("count")))
            .eventHandler("refund", Cancelled.class, event -> Flux.just(handled.add("refund")))
            .build();
    StepVerifier.create(mediator.publish(new Placed(1))).verifyComplete();
    assertThat(handled).containsExactly("mail", "count");
    StepVerifier.create(mediator.publish("no handler")).verifyComplete();
  }

  @Test
  void aHandlerOfEventsThatFailsStopsNoOther() {
    List<String> handled = new ArrayList<>();
    Mediator mediator =
        builder()
            .eventHandler("first", Placed.class, event -> Mono.error(new IllegalStateException()))
            .eventHandler("second", Placed.class, event -> Flux.just(handled.add("second")))
            .build();
    StepVerifier.create(mediator.publish(new Placed(1))).verifyError(IllegalStateException.class);
    assertThat(handled).containsExactly("second");
  }

  @Test
  void behaviorsAreNestedInTheirOrder() {
    List<String> steps = new ArrayList<>();
    Mediator mediator =
        builder()
            .handler(Greet.class, greet -> Mono.fromCallable(() -> step(steps, "handler")))
            .eventHandler("mail", Placed.class, event -> Flux.just(steps.add("mail")))
            .behavior(new Recorded("outer", steps))
            .behavior(new Recorded("inner", steps))
            .build();
    mediator.send(new Greet("Ada")).block();
    assertThat(steps).containsExactly("outer Greet REQUEST", "inner Greet REQUEST", "handler");
    steps.clear();
    mediator.publish(new Placed(1)).block();
    assertThat(steps).containsExactly("outer mail EVENT", "inner mail EVENT", "mail");
  }

  private static String step(List<String> steps, String step) {
    steps.add(step);
    return step;
  }

  private record Recorded(String name, List<String> steps) implements Behavior {

    @Override
    public <R> Mono<R> around(Delivery delivery, Mono<R> call) {
      return call.doFirst(() -> steps.add(name + " " + delivery.handler() + " " + delivery.kind()));
    }
  }

  @Test
  void aTypeHasOneHandler() {
    assertThatThrownBy(
            () ->
                builder()
                    .handler(Count.class, count -> Mono.just(1))
                    .batchHandler(Count.class, this::shuffled))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("Count");
  }

  record TwoKeys(@BatchKey int one, @BatchKey int other) implements Request<Integer> {}

  @Test
  void aTypeHasOneKey() {
    BatchHandler<TwoKeys, Integer> handler = BatchHandler.byPosition(calls -> Mono.empty());
    assertThatThrownBy(() -> builder().batchHandler(TwoKeys.class, handler).build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("TwoKeys");
  }

  @Test
  void closingAnswersRequestsUnderWay() {
    Mediator mediator =
        Mediator.builder()
            .batchHandler(Count.class, this::shuffled, options -> options.repeatable(true))
            .flow((name, flow) -> assertThat(flow).isInstanceOf(BatchFlow.Builder.class))
            .build();
    busy.tryEmitEmpty();
    Mono<Integer> reply = mediator.send(new Count(5)).cache();
    reply.subscribe();
    mediator.close().block(Duration.ofSeconds(30));
    assertThat(reply.block(Duration.ofSeconds(30))).isEqualTo(25);
    mediator.close().block(Duration.ofSeconds(30));
  }
}
