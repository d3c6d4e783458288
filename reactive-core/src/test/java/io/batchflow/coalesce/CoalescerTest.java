package io.batchflow.coalesce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchPolicy;
import io.batchflow.FailureKind;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.OutcomeStatus;
import io.batchflow.Overflow;
import io.batchflow.QueueFullException;
import io.batchflow.RowExpiredException;
import io.batchflow.test.LedgerAssertions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** Callers send one call each, the handler gets lists, and each caller gets its own reply. */
class CoalescerTest {

  private static final Duration MOMENT = Duration.ofMillis(100);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

  /** The calls of each list that the handler got. */
  private final List<List<Integer>> lists = new ArrayList<>();

  private final BatchPolicy gathering =
      BatchPolicy.builder().maxDelay(Duration.ofMillis(10)).lingerWhenIdle(true).build();

  /** What a caller got. */
  private static final class Answer {

    @Nullable String value;
    @Nullable Throwable failure;
    boolean complete;
    Disposable call = () -> {};

    CallFailedException failedCall() {
      assertThat(failure).isInstanceOf(CallFailedException.class);
      return (CallFailedException) failure;
    }
  }

  private Coalescer<Integer, String> coalescer(
      BatchHandler<Integer, String> handler,
      UnaryOperator<Coalescer.Builder<Integer, String>> options) {
    BatchHandler<Integer, String> recorded =
        calls -> {
          lists.add(List.copyOf(calls));
          return handler.handle(calls);
        };
    Coalescer.Builder<Integer, String> builder =
        Coalescer.builder("orders.find", recorded).flow(flow -> flow.scheduler(time));
    return options.apply(builder).build();
  }

  /** A coalescer whose calls gather for a moment, with further options of its flow. */
  private Coalescer<Integer, String> gathering(
      BatchHandler<Integer, String> handler, Consumer<io.batchflow.BatchFlow.Builder> options) {
    return coalescer(
        handler,
        builder ->
            builder.flow(
                flow -> {
                  flow.scheduler(time)
                      .defaultPolicy(gathering)
                      .retry(Retry.fixedDelay(2, Duration.ofMillis(1)));
                  options.accept(flow);
                }));
  }

  private Coalescer<Integer, String> gathering(BatchHandler<Integer, String> handler) {
    return gathering(handler, flow -> {});
  }

  private static Answer send(Coalescer<Integer, String> coalescer, int call) {
    Answer answer = new Answer();
    answer.call =
        coalescer
            .send(call)
            .subscribe(
                value -> answer.value = value,
                failure -> answer.failure = failure,
                () -> answer.complete = true);
    return answer;
  }

  private List<Answer> sendAll(Coalescer<Integer, String> coalescer, int... calls) {
    List<Answer> answers = IntStream.of(calls).mapToObj(call -> send(coalescer, call)).toList();
    time.advanceTimeBy(MOMENT);
    return answers;
  }

  private static BatchHandler<Integer, String> texts() {
    return BatchHandler.byPosition(
        calls -> Mono.just(calls.stream().map(call -> "text " + call).toList()));
  }

  private static BatchHandler<Integer, String> failingFor(int bad, RuntimeException failure) {
    return calls -> calls.contains(bad) ? Mono.error(failure) : texts().handle(calls);
  }

  @Test
  void callsThatGatherAreHandledTogether() {
    List<Answer> answers = sendAll(gathering(texts()), 3, 1, 2);

    assertThat(lists).containsExactly(List.of(3, 1, 2));
    assertThat(answers)
        .extracting(answer -> answer.value)
        .containsExactly("text 3", "text 1", "text 2");
    assertThat(answers).allMatch(answer -> answer.complete);
  }

  @Test
  void aCallOfAnIdleHandlerDoesNotWait() {
    Answer answer = send(coalescer(texts(), builder -> builder), 1);
    time.advanceTime();

    assertThat(answer.value).isEqualTo("text 1");
  }

  @Test
  void equalCallsShareOneCallOnlyByChoice() {
    BatchHandler<Integer, String> handler = texts();
    Coalescer<Integer, String> sharing =
        coalescer(
            handler,
            builder ->
                builder
                    .shareEqualCalls(true)
                    .flow(flow -> flow.scheduler(time).defaultPolicy(gathering)));
    List<Answer> shared = sendAll(sharing, 7, 8, 7);
    List<Answer> apart = sendAll(gathering(handler), 7, 8, 7);

    assertThat(lists).containsExactly(List.of(7, 8), List.of(7, 8, 7));
    assertThat(shared)
        .extracting(answer -> answer.value)
        .containsExactly("text 7", "text 8", "text 7");
    assertThat(apart)
        .extracting(answer -> answer.value)
        .containsExactly("text 7", "text 8", "text 7");
  }

  @Test
  void aLookupWithoutAResultIsEmpty() {
    BatchHandler<Integer, String> even =
        BatchHandler.lookup(
            calls ->
                Mono.just(
                    calls.stream()
                        .filter(call -> call % 2 == 0)
                        .collect(Collectors.toMap(call -> call, call -> "text " + call))));
    List<Answer> answers = sendAll(gathering(even), 1, 2);

    assertThat(answers).allMatch(answer -> answer.complete);
    assertThat(answers).extracting(answer -> answer.value).containsExactly(null, "text 2");
  }

  @Test
  void aMissingKeyFailsItsCallAndNamesTheHandler() {
    BatchHandler<Integer, String> one =
        BatchHandler.byKey(calls -> Mono.just(java.util.Map.of(1, "text 1")));
    List<Answer> answers = sendAll(gathering(one), 1, 2);

    assertThat(answers.get(0).value).isEqualTo("text 1");
    CallFailedException missing = answers.get(1).failedCall();
    assertThat(missing)
        .hasMessage(
            "Handler 'orders.find' gave no reply to a call. The call may have had its effect."
                + " Correct the handler.");
    assertThat(missing.handler()).isEqualTo("orders.find");
    assertThat(missing.status()).isEqualTo(OutcomeStatus.UNKNOWN);
    assertThat(missing.isRetryable()).isFalse();
    assertThat(lists).hasSize(1);
  }

  @Test
  void anotherNumberOfRepliesFailsAllCalls() {
    BatchHandler<Integer, String> short1 =
        BatchHandler.byPosition(calls -> Mono.just(List.of("text")));

    assertThat(sendAll(gathering(short1), 1, 2, 3))
        .allSatisfy(
            answer ->
                assertThat(answer.failedCall())
                    .hasMessageStartingWith(
                        "Handler 'orders.find' gave 1 replies to 3 calls. The call may"));
    assertThat(lists).hasSize(1);
  }

  @Test
  void anEmptyMonoGivesNoReplies() {
    assertThat(sendAll(gathering(calls -> Mono.empty()), 1).get(0).failedCall())
        .hasMessageStartingWith("Handler 'orders.find' gave 0 replies to 1 calls.");
  }

  @Test
  void aFailedReplyFailsItsCallAlone() {
    IllegalStateException reason = new IllegalStateException("sold out");
    BatchHandler<Integer, String> handler =
        calls ->
            Mono.just(
                calls.stream()
                    .map(
                        call -> call == 2 ? Reply.<String>failed(reason) : Reply.of("text " + call))
                    .toList());
    List<Answer> answers = sendAll(gathering(handler), 1, 2, 3);

    assertThat(answers)
        .extracting(answer -> answer.value)
        .containsExactly("text 1", null, "text 3");
    assertThat(answers.get(1).failedCall())
        .hasCause(reason)
        .hasMessage(
            "Handler 'orders.find' failed a call (IllegalStateException). The call had no effect."
                + " The cause tells the reason.");
    assertThat(answers.get(1).failedCall().status()).isEqualTo(OutcomeStatus.REJECTED);
    assertThat(lists).hasSize(1);
  }

  @Test
  void theCallThatFailsItsListIsFoundAndFailsAlone() {
    IllegalStateException reason = new IllegalStateException("sold out");
    List<Answer> answers =
        sendAll(gathering(failingFor(20, reason)), IntStream.range(0, 32).toArray());

    for (int call = 0; call < 32; call++) {
      if (call == 20) {
        assertThat(answers.get(call).failedCall()).hasCause(reason);
      } else {
        assertThat(answers.get(call).value).isEqualTo("text " + call);
      }
    }
    assertThat(lists).as("calls of the handler").hasSizeLessThan(20);
  }

  @Test
  void aTransientFailureIsRetriedForItsCallAlone() {
    IllegalStateException busy = new IllegalStateException("busy");
    BatchHandler<Integer, String> handler =
        calls ->
            Mono.just(
                calls.stream()
                    .map(
                        call ->
                            call == 2 && lists.size() < 3
                                ? Reply.<String>failed(busy)
                                : Reply.of("text " + call))
                    .toList());
    Coalescer<Integer, String> coalescer =
        gathering(handler, flow -> flow.failureClassifier(failure -> FailureKind.TRANSIENT));
    List<Answer> answers = sendAll(coalescer, 1, 2);

    assertThat(lists).containsExactly(List.of(1, 2), List.of(2), List.of(2));
    assertThat(answers).extracting(answer -> answer.value).containsExactly("text 1", "text 2");
  }

  @Test
  void aTransientFailureThatLastsIsRetryable() {
    Coalescer<Integer, String> coalescer =
        gathering(
            failingFor(1, new IllegalStateException("busy")),
            flow -> flow.failureClassifier(failure -> FailureKind.TRANSIENT));

    CallFailedException failure = sendAll(coalescer, 1).get(0).failedCall();
    assertThat(failure.isRetryable()).isTrue();
    assertThat(lists).hasSize(3);
  }

  @Test
  void aLostReplyIsUnknownUnlessCallsMayBeRepeated() {
    BatchHandler<Integer, String> lossy =
        calls -> lists.size() == 1 ? Mono.error(new TimeoutException()) : texts().handle(calls);

    CallFailedException lost = sendAll(gathering(lossy), 1).get(0).failedCall();
    assertThat(lost.status()).isEqualTo(OutcomeStatus.UNKNOWN);
    assertThat(lost)
        .hasMessage(
            "Handler 'orders.find' was called, but its reply was lost (TimeoutException). The call"
                + " may have had its effect: find out before you repeat it.");

    lists.clear();
    Coalescer<Integer, String> repeatable =
        coalescer(
            lossy,
            builder ->
                builder
                    .repeatable(true)
                    .flow(flow -> flow.scheduler(time).defaultPolicy(gathering)));
    Answer answer = send(repeatable, 1);
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(answer.value).isEqualTo("text 1");
  }

  @Test
  void aHandlerThatThrowsOrReturnsNullFailsItsCalls() {
    IllegalStateException thrown = new IllegalStateException("thrown");
    Coalescer<Integer, String> throwing =
        gathering(
            calls -> {
              throw thrown;
            });

    assertThat(sendAll(throwing, 1).get(0).failedCall()).hasCause(thrown);
    assertThat(sendAll(gathering(nothing()), 1).get(0).failedCall().getCause())
        .hasMessage("BatchHandler.handle returned null");
  }

  @SuppressWarnings("NullAway") // what a careless handler may do
  private static BatchHandler<Integer, String> nothing() {
    return calls -> null;
  }

  @Test
  void aCallThatIsCancelledInTimeIsNotHandled() {
    Coalescer<Integer, String> coalescer = gathering(texts());
    Answer cancelled = send(coalescer, 1);
    Answer other = send(coalescer, 2);
    cancelled.call.dispose();
    time.advanceTimeBy(MOMENT);

    assertThat(lists).containsExactly(List.of(2));
    assertThat(cancelled.value).isNull();
    assertThat(other.value).isEqualTo("text 2");
    assertThat(LedgerAssertions.assertBalanced(coalescer).withdrawn()).isEqualTo(1);
  }

  @Test
  void theErrorsOfTheFlowReachTheCallerAsTheyAre() {
    BatchPolicy strict =
        BatchPolicy.builder()
            .maxSize(1)
            .maxDelay(Duration.ZERO)
            .overflow(Overflow.FAIL)
            .deliveryTimeout(Duration.ofSeconds(1))
            .build();
    Coalescer<Integer, String> coalescer =
        gathering(
            calls -> Mono.never(), flow -> flow.defaultPolicy(strict).maxPending(2).concurrency(1));
    Answer running = send(coalescer, 1);
    Answer waiting = send(coalescer, 2);
    Answer turnedAway = send(coalescer, 3);
    time.advanceTimeBy(Duration.ofSeconds(2));
    assertThat(turnedAway.failure).isInstanceOf(QueueFullException.class);
    assertThat(waiting.failure).isInstanceOf(RowExpiredException.class);

    time.advanceTimeBy(Duration.ofMinutes(2));
    assertThat(running.failedCall().status()).isEqualTo(OutcomeStatus.UNKNOWN);

    coalescer.close().subscribe();
    time.advanceTimeBy(Duration.ofMinutes(1));
    assertThat(send(coalescer, 4).failure).isInstanceOf(FlowClosedException.class);
  }

  @Test
  void theHandlerIsATableOfTheFlow() {
    Coalescer<Integer, String> coalescer = gathering(texts());
    sendAll(coalescer, 1, 2);

    assertThat(coalescer.stats().tables())
        .singleElement()
        .satisfies(table -> assertThat(table.schema().table()).isEqualTo("orders.find"));
    coalescer.control().pause().subscribe();
    assertThat(sendAll(coalescer, 3).get(0).value).isNull();
    coalescer.control().resume().subscribe();
    coalescer.flush().subscribe();
    time.advanceTimeBy(MOMENT);
    assertThat(lists).hasSize(2);
    assertThat(coalescer.health().isUp()).isTrue();
    assertThat(coalescer).hasToString("Coalescer[orders.find]");
  }

  @Test
  void theWriterCanBeDecorated() {
    List<Integer> sizes = new ArrayList<>();
    Coalescer<Integer, String> coalescer =
        coalescer(
            texts(),
            builder ->
                builder.writer(
                    writer ->
                        writer.decorate(
                            (batch, write) -> write.doOnNext(result -> sizes.add(batch.size())))));
    sendAll(coalescer, 1);

    assertThat(sizes).containsExactly(1);
  }

  @Test
  void contradictoryOptionsAreNamed() {
    assertThatThrownBy(() -> Coalescer.builder(" ", texts()))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage("Option 'name' is blank. Give the handler a name.");
    Coalescer.Builder<Integer, String> narrow =
        Coalescer.builder("orders.find", texts()).flow(flow -> flow.maxPending(1));
    assertThatThrownBy(narrow::build)
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("'maxPending'");
  }

  @Test
  void aReplyNeverShowsItsValue() {
    assertThat(List.of(Reply.of("secret"), Reply.empty(), Reply.failed(new TimeoutException())))
        .extracting(Object::toString)
        .containsExactly("Reply[value]", "Reply[empty]", "Reply[failed=TimeoutException]");
  }
}
