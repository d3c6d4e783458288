package io.batchflow.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.tuning.Simulation.Server;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The decisions about one table, against a model of a server. */
class TableTunerTest {

  private static final int SLOTS = 8;
  private static final double NEARLY = 0.9;

  /** Without a latency target that matters. */
  private static final Tuning TUNING =
      Tuning.builder().rows(1, 5_000).latencyTarget(Duration.ofMinutes(1)).build();

  private static Simulation start(Server server, int size, int slots) {
    return new Simulation(server, TUNING, size, slots, SLOTS, 1);
  }

  private static int swing(List<Integer> slots) {
    return Collections.max(slots) - Collections.min(slots);
  }

  record Start(String name, Server server, int size, int slots) {

    @Override
    public String toString() {
      return name + " from " + size + " rows, " + slots + " slots";
    }
  }

  private static Server named(String name) {
    return switch (name) {
      case "a distant server" -> new Server(10, 10, 8);
      case "a near server" -> new Server(0.2, 2, 4);
      case "one worker" -> new Server(0.5, 1.5, 1);
      case "dear rows" -> new Server(0.1, 50, 2);
      default -> {
        Server server = new Server(1, 5, 3);
        server.contention = 0.1;
        yield server;
      }
    };
  }

  static Stream<Start> starts() {
    return Stream.of(
            "a distant server",
            "a near server",
            "one worker",
            "dear rows",
            "a server that thrashes")
        .flatMap(
            name ->
                Stream.of(1, 1_000, 5_000)
                    .flatMap(
                        size ->
                            Stream.of(1, 4, SLOTS)
                                .map(slots -> new Start(name, named(name), size, slots))));
  }

  @ParameterizedTest
  @MethodSource("starts")
  void fromAnyStartItIsNearlyTheBestSettingAfterTenPeriods(Start start) {
    Simulation run = start(start.server(), start.size(), start.slots());

    run.runPeriods(10);
    double rate = run.rateDuring(60);

    assertThat(rate / start.server().best(TUNING, SLOTS)).isGreaterThanOrEqualTo(NEARLY);
  }

  @ParameterizedTest
  @MethodSource("starts")
  void itNeverOscillatesByMoreThanOneSlot(Start start) {
    Simulation run = start(start.server(), start.size(), start.slots());
    run.runPeriods(20);

    run.runPeriods(200);

    assertThat(swing(run.slots.subList(20, 220))).isLessThanOrEqualTo(1);
  }

  @Test
  void theFixedCostIsATenth() {
    Simulation run = start(new Server(5, 50, 2), 10, 2);

    run.runPeriods(10);

    assertThat(run.tuner.costs().fixed() / run.server.fixed).isBetween(0.99, 1.01);
    assertThat(run.tuner.costs().perRow() / run.server.perRow).isBetween(0.99, 1.01);
    assertThat(run.tuner.size()).isBetween(980, 1_020);
  }

  @Test
  void theLatencyTargetIsHeld() {
    Server server = new Server(20, 100, 2);
    Tuning tuning = Tuning.builder().latencyTarget(Duration.ofMillis(60)).build();
    Simulation run = new Simulation(server, tuning, 5_000, 2, 2, 1);

    run.runPeriods(10);

    assertThat(server.nanos(run.tuner.size()) / 1e6).isBetween(48.0, 72.0);
  }

  @Test
  void aTargetThatCannotBeHeldLeavesBatchesOfAUsefulSize() {
    Server server = new Server(100, 100, 2);
    Tuning tuning = Tuning.builder().latencyTarget(Duration.ofMillis(50)).build();
    Simulation run = new Simulation(server, tuning, 5_000, 2, 2, 1);

    run.runPeriods(10);

    assertThat(run.tuner.size()).isBetween(800, 1_300);
  }

  @Test
  void withoutLoadNothingGrows() {
    Simulation run = start(new Server(2, 10, 8), 1_000, 2);
    run.arrivals = 5_000;

    run.runUntil(100 * Simulation.SECOND);

    assertThat(run.tuner.slots()).isEqualTo(2);
    assertThat(run.tuner.size()).isLessThanOrEqualTo(1_000);
  }

  @Test
  void itFollowsRowsThatBecomeDearer() {
    Server server = new Server(4, 4, 4);
    Simulation run = start(server, 1_000, 4);
    run.runPeriods(10);

    server.perRow *= 2.5;
    run.runPeriods(10);

    assertThat(run.tuner.costs().perRow() / server.perRow).isBetween(0.9, 1.1);
    assertThat(run.rateDuring(60) / server.best(TUNING, SLOTS)).isGreaterThanOrEqualTo(NEARLY);
  }

  @ParameterizedTest
  @MethodSource("starts")
  void itBacksOffWithinAPeriodWhenTheServerIsTenTimesAsSlow(Start start) {
    Server server = start.server();
    Simulation run = start(server, start.size(), start.slots());
    run.runPeriods(20);
    int slots = run.tuner.slots();
    int size = run.tuner.size();

    server.fixed *= 10;
    server.perRow *= 10;
    run.leastSlots = slots;
    run.runUntil(run.now + Simulation.SECOND);

    if (slots > 1) {
      assertThat(run.leastSlots).isEqualTo((int) (0.7 * slots));
    } else {
      assertThat(run.tuner.size()).isLessThanOrEqualTo((int) (0.71 * size) + 1);
    }

    run.runPeriods(10);
    assertThat(run.rateDuring(60) / server.best(TUNING, SLOTS)).isGreaterThanOrEqualTo(NEARLY);
  }

  @Test
  void aPauseOfTheServerIsNoOverload() {
    Server server = new Server(1, 5, 4);
    Simulation run = start(server, 1_000, 4);
    run.runPeriods(20);
    int slots = run.tuner.slots();

    server.fixed += 2e8;
    run.runUntil(run.now + 1_000_000);
    server.fixed -= 2e8;
    run.runUntil(run.now + 2 * Simulation.SECOND);

    assertThat(run.tuner.slots()).isEqualTo(slots);
  }

  @Test
  void tooManyBatchesForTheServerCostAThirdOfTheSlotsAndThenOneAtATime() {
    Server server = new Server(1, 5, 8);
    server.refusesBeyond = 5;
    Simulation run = start(server, 1_000, SLOTS);

    run.runUntil(Simulation.SECOND / 10);
    assertThat(run.tuner.slots()).isEqualTo(5);
    run.runPeriods(10);
    run.runPeriods(200);

    assertThat(run.slots.subList(10, 210)).allMatch(slots -> slots == 5 || slots == 6);
    assertThat(run.slots).filteredOn(slots -> slots == 6).hasSizeLessThan(20);
  }

  @Test
  void anImportedFitIsUsedFromTheStart() {
    Simulation run = start(new Server(5, 50, 2), 1_000, 1);
    run.tuner.resume(new TuningState("events", 1_000, 2, 5e6, 5e4));

    run.runPeriods(1);

    assertThat(run.tuner.size()).isEqualTo(1_000);
    assertThat(run.slots.get(0)).isBetween(1, 3);
  }

  @Test
  void theRoomOfTheFlowBoundsTheSize() {
    Simulation run = start(new Server(20, 10, 2), 1_000, 2);
    run.tuner.bounds(1, SLOTS, 3_000);

    run.runPeriods(10);

    assertThat((run.tuner.slots() + 1) * run.tuner.size()).isLessThanOrEqualTo(3_000);
  }
}
