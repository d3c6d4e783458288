package io.batchflow.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.lease.StoreInMemory.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A competitor knows in time that it has lost its lease, and the next one gets it soon. */
class LeaseTest {

  private static final Duration TTL = Duration.ofSeconds(15);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final StoreInMemory store = new StoreInMemory(time);

  private final class Competitor {

    final Link link = new Link();
    final List<LeaseState> states = new ArrayList<>();
    final Disposable subscription;

    Competitor() {
      this(request -> request);
    }

    Competitor(UnaryOperator<Mono<Object>> fault) {
      link.fault = fault;
      subscription =
          Lease.builder(store.over(link), "nightly")
              .ttl(TTL)
              .scheduler(time)
              .build()
              .states()
              .subscribe(states::add);
    }

    boolean holds() {
      return !states.isEmpty() && states.get(states.size() - 1).isHeld();
    }

    long token() {
      return states.get(states.size() - 1).token();
    }
  }

  private void pass(Duration duration) {
    time.advanceTimeBy(duration);
  }

  @Test
  void theFirstHoldsTheLeaseAsLongAsItRenews() {
    Competitor first = new Competitor();
    Competitor second = new Competitor();
    pass(Duration.ofHours(1));

    assertThat(first.states).singleElement().matches(LeaseState::isHeld);
    assertThat(first.token()).isEqualTo(1);
    assertThat(second.states).isEmpty();
    assertThat(store.renewals).isEqualTo(12 * 60);
  }

  @Test
  void aCancelledHolderLetsTheNextOneInAtOnce() {
    Competitor first = new Competitor();
    Competitor second = new Competitor();
    pass(Duration.ofSeconds(10));
    first.subscription.dispose();
    pass(Duration.ofSeconds(1));

    assertThat(second.holds()).isTrue();
    assertThat(second.token()).isEqualTo(2);
  }

  @Test
  void aLeaseThatArrivesTooLateIsGivenBack() {
    Competitor cancelled =
        new Competitor(request -> request.delayElement(Duration.ofSeconds(2), time));
    cancelled.subscription.dispose();
    assertThat(store.isHeld()).as("nobody knows the answer yet").isTrue();
    pass(Duration.ofSeconds(3));
    assertThat(store.isHeld()).isFalse();

    Competitor slow = new Competitor(request -> request.delayElement(Duration.ofSeconds(6), time));
    pass(Duration.ofMillis(5_500));
    slow.subscription.dispose();
    assertThat(store.isHeld()).as("the request was given up at 5 s").isTrue();
    pass(Duration.ofSeconds(1));
    assertThat(store.isHeld()).isFalse();
    assertThat(slow.states).noneMatch(LeaseState::isHeld);
  }

  @Test
  void aHolderWithoutAnswersKnowsItsLossBeforeTheNextOneHolds() {
    Competitor first = new Competitor();
    Competitor second = new Competitor();
    pass(Duration.ofSeconds(5));
    first.link.fault = request -> Mono.never();
    pass(Duration.ofSeconds(13));
    assertThat(first.holds()).isTrue();

    pass(Duration.ofSeconds(1));
    assertThat(first.holds()).isFalse();
    assertThat(second.holds()).isFalse();
    assertThat(store.isHeld()).as("the loss is known before the lease expires").isTrue();

    pass(Duration.ofSeconds(2));
    assertThat(second.holds()).as("a new holder within ttl + 1 s").isTrue();
  }

  @Test
  void aRefusedRenewalIsALoss() {
    Competitor first = new Competitor();
    pass(Duration.ofSeconds(1));
    StepAside.release(store, first.token());
    new Competitor();
    pass(Duration.ofSeconds(5));

    assertThat(first.holds()).isFalse();
    assertThat(first.states).hasSize(2);
    assertThat(first.states.get(1)).hasToString("LeaseState[lease=nightly, lost]");
  }

  /** Someone clears the lease in the store. */
  private static final class StepAside {
    static void release(StoreInMemory store, long token) {
      store.over(new Link()).release("nightly", token).subscribe();
    }
  }

  @Test
  void failuresThatPassInTimeAreNoLoss() {
    Competitor first = new Competitor();
    pass(Duration.ofSeconds(1));
    first.link.fault = request -> Mono.error(new IllegalStateException("down"));
    pass(Duration.ofSeconds(9));
    first.link.fault = request -> request;
    pass(Duration.ofMinutes(10));

    assertThat(first.states).singleElement().matches(LeaseState::isHeld);
  }

  @Test
  void aStoreThatCannotBeAskedIsReported() {
    Competitor first = new Competitor(request -> Mono.error(new IllegalStateException("down")));
    pass(Duration.ofSeconds(3));

    assertThat(first.states).isNotEmpty().noneMatch(LeaseState::isHeld);
    assertThat(first.states.get(0).failure()).hasMessage("down");
    assertThat(first.states.get(0)).hasToString("LeaseState[lease=nightly, failed]");

    first.link.fault = request -> request;
    pass(Duration.ofSeconds(1));
    assertThat(first.holds()).isTrue();
    assertThat(first.states.get(first.states.size() - 1))
        .hasToString("LeaseState[lease=nightly, token=1]");
  }

  @Test
  void anAnswerThatComesTooLateIsNoLease() {
    Competitor late = new Competitor(request -> request.delayElement(Duration.ofSeconds(4), time));
    pass(Duration.ofSeconds(4));
    assertThat(late.holds()).isTrue();

    late.subscription.dispose();
    Competitor tooLate =
        new Competitor(request -> request.delayElement(Duration.ofSeconds(6), time));
    pass(Duration.ofMinutes(1));
    assertThat(tooLate.states).noneMatch(LeaseState::isHeld);
  }

  @Test
  void workRunsWhileTheLeaseIsHeld() {
    List<String> log = new ArrayList<>();
    Link link = new Link();
    Lease lease = Lease.builder(store.over(link), "nightly").ttl(TTL).scheduler(time).build();
    Disposable work =
        lease
            .whileHeld(
                token ->
                    Flux.<Long>never()
                        .doOnSubscribe(begun -> log.add("begin " + token))
                        .doOnCancel(() -> log.add("end " + token)))
            .subscribe();
    pass(Duration.ofSeconds(5));
    link.fault = request -> Mono.never();
    pass(Duration.ofMinutes(1));
    link.fault = request -> request;
    pass(Duration.ofSeconds(10));
    work.dispose();

    assertThat(log).containsExactly("begin 1", "end 1", "begin 2", "end 2");
    assertThat(store.isHeld()).isFalse();
  }

  @Test
  void anErrorOfTheWorkGivesTheLeaseBack() {
    Lease lease = Lease.builder(store.over(new Link()), "nightly").scheduler(time).build();
    List<Throwable> errors = new ArrayList<>();
    lease
        .whileHeld(token -> Mono.error(new IllegalStateException("broken")))
        .subscribe(value -> {}, errors::add);
    pass(Duration.ofSeconds(1));

    assertThat(errors).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(store.isHeld()).isFalse();
  }

  @Test
  void aTaskIsRepeatedByTheHolderAlone() {
    List<String> log = new ArrayList<>();
    Disposable first = repeated("first", log);
    pass(Duration.ofSeconds(1));
    Disposable second = repeated("second", log);
    pass(Duration.ofMinutes(125));
    assertThat(log).containsExactly("first 1", "first 1", "first 1");

    first.dispose();
    pass(Duration.ofMinutes(62));
    assertThat(log).endsWith("second 2", "second 2").hasSize(5);
    second.dispose();
    pass(Duration.ofHours(5));
    assertThat(log).hasSize(5);
    assertThat(store.isHeld()).isFalse();
  }

  /** A task of a minute, with a pause of an hour. */
  private Disposable repeated(String name, List<String> log) {
    return Lease.builder(store.over(new Link()), "nightly")
        .scheduler(time)
        .build()
        .whileHeld(
            Duration.ofHours(1),
            token ->
                Mono.delay(Duration.ofMinutes(1), time).doFirst(() -> log.add(name + " " + token)))
        .subscribe();
  }

  @Test
  void contradictoryOptionsAreNamed() {
    LeaseStore any = store.over(new Link());
    assertThatThrownBy(() -> Lease.builder(any, ""))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage("Option 'name' is blank. Give the lease a name.");
    Lease.Builder short1 = Lease.builder(any, "nightly").ttl(Duration.ofMillis(1_500));
    assertThatThrownBy(short1::build)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("'skew' (PT1S) is longer than half of ttl (PT1.5S)");
  }
}
