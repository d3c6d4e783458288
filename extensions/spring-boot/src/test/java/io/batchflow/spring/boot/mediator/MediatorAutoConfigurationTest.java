package io.batchflow.spring.boot.mediator;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.FlowClosedException;
import io.batchflow.coalesce.BatchHandler;
import io.batchflow.coalesce.Reply;
import io.batchflow.mediator.Behavior;
import io.batchflow.mediator.EventHandler;
import io.batchflow.mediator.Mediator;
import io.batchflow.mediator.Request;
import io.batchflow.mediator.RequestHandler;
import io.batchflow.mediator.behavior.Behaviors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class MediatorAutoConfigurationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  record Find(int id) implements Request<String> {}

  record Count(int id) implements Request<Integer> {}

  record Placed(int id) {}

  /** A handler that is a class of its own, as a component is. */
  static final class Finder implements RequestHandler<Find, String> {

    @Override
    public Mono<String> handle(Find find) {
      return Mono.just("found " + find.id());
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Handlers {

    final List<Integer> placed = new CopyOnWriteArrayList<>();

    @Bean
    Finder finder() {
      return new Finder();
    }

    @Bean
    BatchHandler<Count, Integer> counter() {
      return counts -> Mono.just(counts.stream().map(count -> Reply.of(count.id())).toList());
    }

    @Bean
    BatchHandler<Long, String> handlerOfACoalescer() {
      return BatchHandler.byPosition(calls -> Mono.empty());
    }

    @Bean
    EventHandler<Placed> mail() {
      return event -> Mono.fromRunnable(() -> placed.add(event.id()));
    }

    @Bean
    Behavior validation() {
      return Behaviors.validation(
          message -> {
            if (message instanceof Find find && find.id() < 0) {
              throw new IllegalArgumentException("id");
            }
          });
    }
  }

  /** Sends requests itself. */
  static final class Counter implements RequestHandler<Count, Integer> {

    private final Mediator mediator;

    Counter(Mediator mediator) {
      this.mediator = mediator;
    }

    @Override
    public Mono<Integer> handle(Count count) {
      return mediator.send(new Find(count.id())).map(String::length);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Vague {

    @Bean
    @SuppressWarnings("rawtypes")
    RequestHandler vague() {
      return request -> Mono.empty();
    }
  }

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(MediatorAutoConfiguration.class));

  @Test
  void beansHandleTheMessagesOfTheirTypes() {
    runner
        .withUserConfiguration(Handlers.class)
        .run(
            context -> {
              Mediator mediator = context.getBean(Mediator.class);
              assertThat(mediator.send(new Find(3)).block(PATIENCE)).isEqualTo("found 3");
              assertThat(mediator.send(new Count(4)).block(PATIENCE)).isEqualTo(4);
              StepVerifier.create(mediator.send(new Find(-1)))
                  .verifyError(IllegalArgumentException.class);
              mediator.publish(new Placed(5)).block(PATIENCE);
              assertThat(context.getBean(Handlers.class).placed).containsExactly(5);
              assertThat(mediator.coalescers()).containsOnlyKeys("Count");
            });
  }

  @Test
  void theMediatorIsClosedWithTheContext() {
    Mediator[] closed = new Mediator[1];
    runner
        .withUserConfiguration(Handlers.class)
        .run(context -> closed[0] = context.getBean(Mediator.class));
    StepVerifier.create(closed[0].send(new Count(1))).verifyError(FlowClosedException.class);
  }

  @Test
  void aHandlerMayUseTheMediator() {
    runner
        .withBean(Finder.class)
        .withBean(Counter.class)
        .run(
            context ->
                assertThat(context.getBean(Mediator.class).send(new Count(3)).block(PATIENCE))
                    .isEqualTo(7));
  }

  @Test
  void customizersComeLast() {
    runner
        .withBean(
            MediatorBuilderCustomizer.class,
            () -> builder -> builder.handler(Find.class, find -> Mono.just("custom")))
        .run(
            context ->
                assertThat(context.getBean(Mediator.class).send(new Find(1)).block(PATIENCE))
                    .isEqualTo("custom"));
  }

  @Test
  void aBeanThatDoesNotSayItsTypeFailsTheStart() {
    runner
        .withUserConfiguration(Vague.class)
        .run(
            context ->
                assertThat(context)
                    .hasFailed()
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("vague")
                    .hasMessageContaining("RequestHandler<FindPrice, Price>"));
  }

  @Test
  void nothingHappensWithoutTheMediator() {
    runner
        .withClassLoader(new FilteredClassLoader("io.batchflow.mediator"))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Mediator.class));
    runner
        .withPropertyValues("batchflow.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(Mediator.class));
  }
}
