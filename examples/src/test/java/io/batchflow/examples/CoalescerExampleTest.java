package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchPolicy;
import io.batchflow.coalesce.BatchHandler;
import io.batchflow.coalesce.CallFailedException;
import io.batchflow.coalesce.Coalescer;
import io.batchflow.coalesce.Reply;
import io.batchflow.micrometer.FlowMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Examples to copy from: a handler that replies to each call, and a test in virtual time. */
class CoalescerExampleTest {

  private record Reservation(String item, int pieces) {}

  private static final class SoldOutException extends RuntimeException {
    SoldOutException(String item) {
      super(item);
    }
  }

  private static BatchHandler<Reservation, Integer> stockOf(int pieces) {
    int[] left = {pieces};
    BatchHandler<Reservation, Integer> reserve =
        reservations -> {
          List<Reply<Integer>> replies = new ArrayList<>();
          for (Reservation wanted : reservations) {
            boolean enough = wanted.pieces() <= left[0];
            left[0] -= enough ? wanted.pieces() : 0;
            replies.add(
                enough ? Reply.of(left[0]) : Reply.failed(new SoldOutException(wanted.item())));
          }
          return Mono.just(replies);
        };
    return reserve;
  }

  private static Coalescer<Reservation, Integer> stock(
      BatchHandler<Reservation, Integer> reserve, FlowMetrics metrics, Scheduler scheduler) {
    Coalescer<Reservation, Integer> stock =
        Coalescer.builder("stock.reserve", reserve)
            .flow(
                flow ->
                    flow.defaultPolicy(
                            BatchPolicy.builder().maxSize(100).lingerWhenIdle(true).build())
                        .maxPending(5_000)
                        .listener(metrics)
                        .scheduler(scheduler))
            .build();
    return stock;
  }

  @Test
  void aReservationThatCannotBeMadeFailsAlone() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    Coalescer<Reservation, Integer> stock = stock(stockOf(5), FlowMetrics.create("stock"), time);
    List<Integer> left = new ArrayList<>();
    stock.send(new Reservation("tea", 3)).subscribe(left::add);
    StepVerifier.create(stock.send(new Reservation("tea", 3)))
        .then(() -> time.advanceTimeBy(Duration.ofMillis(10)))
        .verifyErrorSatisfies(
            failure ->
                assertThat(failure)
                    .isInstanceOf(CallFailedException.class)
                    .hasCauseInstanceOf(SoldOutException.class));
    assertThat(left).containsExactly(2);
  }
}
