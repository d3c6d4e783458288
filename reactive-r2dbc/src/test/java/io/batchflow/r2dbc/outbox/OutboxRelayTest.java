package io.batchflow.r2dbc.outbox;

import static io.batchflow.r2dbc.outbox.OutboxScene.PATIENCE;
import static io.batchflow.r2dbc.outbox.OutboxScene.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.RejectedRow;
import io.batchflow.message.Message;
import io.batchflow.message.MessagePublisher;
import io.batchflow.message.PublishResult;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Relays publish in order by key, and a failure costs as little as possible. */
@Tag("server")
class OutboxRelayTest {

  private static final int WRITERS = 4;
  private static final int TRANSACTIONS = 60;

  /** Each writer has keys of its own, so it knows their order. */
  private static void write(OutboxScene scene) {
    Flux.range(0, WRITERS)
        .flatMap(
            writer ->
                Mono.fromRunnable(
                        () ->
                            IntStream.range(0, TRANSACTIONS)
                                .forEach(
                                    i ->
                                        scene.commit(
                                            message(writer + " a", writer + " a " + i),
                                            message(writer + " b", writer + " b " + i))))
                    .subscribeOn(Schedulers.boundedElastic()))
        .blockLast(PATIENCE);
  }

  private static void assertInOrder(List<String> ids) {
    Map<String, List<Integer>> numbers =
        ids.stream()
            .collect(
                Collectors.groupingBy(
                    id -> id.substring(0, id.lastIndexOf(' ')),
                    Collectors.mapping(
                        id -> Integer.parseInt(id.substring(id.lastIndexOf(' ') + 1)),
                        Collectors.toList())));
    assertThat(numbers).hasSize(2 * WRITERS);
    List<Integer> all = IntStream.range(0, TRANSACTIONS).boxed().toList();
    assertThat(numbers.values()).allSatisfy(of -> assertThat(of).isEqualTo(all));
  }

  @ParameterizedTest
  @EnumSource(names = "MYSQL", mode = EnumSource.Mode.EXCLUDE)
  void severalRelaysKeepTheOrderAndRepeatNothing(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      List<OutboxRelay> relays = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        relays.add(scene.start(scene.outbox.relay(scene.recorder()).batchSize(50)));
      }
      Mono<Void> leaves = relays.get(0).close();
      Mono<Void> leavesToo = relays.get(1).close();
      Mono.when(
              Mono.fromRunnable(() -> write(scene)).subscribeOn(Schedulers.boundedElastic()),
              leaves.then(leavesToo))
          .block(PATIENCE);

      assertInOrder(scene.published(2 * WRITERS * TRANSACTIONS));
      relays.get(2).close().block(PATIENCE);
      assertThat(scene.published).isEmpty();
      assertThat(scene.left()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "H2", "MARIADB"})
  void aRejectedMessageIsADeadLetterAndOthersGoOn(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      BlockingQueue<RejectedRow> letters = new LinkedBlockingQueue<>();
      AtomicInteger lost = new AtomicInteger();
      MessagePublisher publisher =
          batch ->
              Mono.fromSupplier(
                  () -> batch.stream().map(message -> unlessBad(scene, message)).toList());
      scene.start(
          scene
              .outbox
              .relay(publisher)
              .deadLetter(
                  rejected ->
                      lost.getAndIncrement() == 0
                          ? Mono.error(new IllegalStateException("not kept"))
                          : Mono.fromRunnable(() -> letters.add(rejected))));
      scene.commit(message("a", "bad"), message("a", "good"), message("b", "good too"));

      assertThat(scene.published(2)).containsExactlyInAnyOrder("good", "good too");
      RejectedRow letter = letters.take();
      assertThat(letter.row().value("id")).isEqualTo("bad");
      assertThat(letter.reason().getCause()).hasMessage("bad");
    }
  }

  private static PublishResult unlessBad(OutboxScene scene, Message message) {
    if (message.id().equals("bad")) {
      return PublishResult.rejected(new IllegalArgumentException("bad"));
    }
    scene.published.add(message);
    return PublishResult.published();
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "H2", "MARIADB"})
  void aKeyWaitsForItsFailedMessageAndOthersDoNot(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      AtomicInteger attempts = new AtomicInteger();
      MessagePublisher publisher =
          MessagePublisher.each(
              message ->
                  message.id().equals("slow") && attempts.incrementAndGet() < 3
                      ? Mono.error(new IllegalStateException("not yet"))
                      : Mono.fromRunnable(() -> scene.published.add(message)),
              4);
      OutboxRelay relay = scene.start(scene.outbox.relay(publisher));
      scene.commit(message("a", "slow"), message("a", "behind"), message("b", "other"));

      assertThat(scene.published(3)).containsExactly("other", "slow", "behind");
      relay.close().block(PATIENCE);
      assertThat(attempts).hasValue(3);
      assertThat(relay.stats().failures()).isGreaterThanOrEqualTo(2);
      assertThat(relay.stats().published()).isEqualTo(3);
      assertThat(relay.stats().waitingKeys()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "H2"})
  void aMessageThatFailsTooOftenIsADeadLetter(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      BlockingQueue<RejectedRow> letters = new LinkedBlockingQueue<>();
      scene.start(
          scene
              .outbox
              .relay(
                  MessagePublisher.each(
                      message -> Mono.error(new IllegalStateException("never")), 1))
              .maxAttempts(2)
              .deadLetter(rejected -> Mono.fromRunnable(() -> letters.add(rejected))));
      scene.commit(message("a", "1"));

      assertThat(letters.take().attempts()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "H2"})
  void aBatchThatFailsAsAWholeIsPublishedAgain(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      AtomicInteger attempts = new AtomicInteger();
      MessagePublisher recorder = scene.recorder();
      BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
      scene.start(
          scene
              .outbox
              .relay(
                  batch ->
                      switch (attempts.getAndIncrement()) {
                        case 0 -> throw new IllegalStateException("thrown");
                        case 1 -> Mono.error(new IllegalStateException("signalled"));
                        case 2 -> Mono.empty();
                        case 3 -> Mono.just(List.of());
                        default -> recorder.publish(batch);
                      })
              .onFailure(failures::add));
      scene.commit(message("a", "1"), message("a", "2"));

      assertThat(scene.published(2)).containsExactly("1", "2");
      assertThat(failures).extracting(Throwable::getMessage).contains("thrown", "signalled");
      assertThat(attempts).hasValueGreaterThanOrEqualTo(5);
    }
  }

  /** The relay would wait for half an hour. Another outbox object is like another process. */
  @Test
  void relaysOfOtherProcessesHearOfCommits() throws Exception {
    try (OutboxScene scene = OutboxScene.on(Kind.POSTGRES)) {
      scene.start(
          R2dbcOutbox.create(scene.pool).relay(scene.recorder()).pollInterval(Duration.ofHours(1)));
      for (int i = 0; i < 20; i++) {
        scene.commit(message("a", "" + i));
        assertThat(scene.published(1)).containsExactly("" + i);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "H2", "MARIADB"})
  void relaysShareTheShards(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      OutboxRelay first = scene.start(scene.outbox.relay(scene.recorder()));
      scene.await(() -> first.stats().shards() == 16);
      OutboxRelay second = scene.start(scene.outbox.relay(scene.recorder()));
      OutboxRelay third = scene.start(scene.outbox.relay(scene.recorder()));
      Mono.fromRunnable(() -> write(scene)).subscribeOn(Schedulers.boundedElastic()).subscribe();
      List<OutboxRelay> all = List.of(first, second, third);
      scene.await(() -> all.stream().mapToInt(relay -> relay.stats().shards()).sum() == 16);
      scene.await(() -> all.stream().allMatch(relay -> relay.stats().shards() >= 5));
      second.close().block(PATIENCE);
      scene.await(() -> first.stats().shards() == 8 && third.stats().shards() == 8);

      assertInOrder(scene.published(2 * WRITERS * TRANSACTIONS));
      first.close().then(third.close()).block(PATIENCE);
      assertThat(scene.published).isEmpty();
    }
  }

  /** The seat of a relay that does not renew it, as if it was killed. */
  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "H2", "MARIADB"})
  void theShareOfARelayThatDiedIsTaken(Kind kind) throws Exception {
    try (OutboxScene scene = OutboxScene.on(kind)) {
      R2dbcLeaseStore store = R2dbcLeaseStore.create(scene.pool);
      String seat = "batchflow_outbox relay 7";
      long token =
          store.acquire(seat, "dead", Duration.ofHours(1)).blockOptional(PATIENCE).orElseThrow();
      OutboxRelay relay = scene.start(scene.outbox.relay(scene.recorder()));
      scene.await(() -> relay.stats().shards() == 8);

      store.renew(seat, token, Duration.ofMillis(1)).block(PATIENCE);
      scene.await(() -> relay.stats().shards() == 16);
    }
  }
}
