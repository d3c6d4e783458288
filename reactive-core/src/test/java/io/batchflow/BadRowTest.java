package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Backends that name the row that caused the failure of a batch. */
class BadRowTest {

  /**
   * Rejects a batch with a negative row. Names the first such row, or another row by its position.
   */
  private static final class Naming implements BatchWriter {

    final List<List<Integer>> batches = new ArrayList<>();
    final List<Throwable> classified = new ArrayList<>();
    IntUnaryOperator named = first -> first;
    KeyEquality equality = KeyEquality.byValue();

    @Override
    public KeyEquality keyEquality(Schema schema) {
      return equality;
    }

    @Override
    public Mono<BatchResult> write(Batch batch) {
      List<Integer> ids = batch.rows().stream().map(row -> (Integer) row.value(0)).toList();
      batches.add(ids);
      int bad = IntStream.range(0, ids.size()).filter(i -> ids.get(i) < 0).findFirst().orElse(-1);
      return bad < 0
          ? Mono.just(BatchResult.written(ids.size()))
          : Mono.error(
              new BadRowException(
                  named.applyAsInt(bad), RecordingWriter.failure(FailureKind.DATA)));
    }

    @Override
    public FailureClassifier failureClassifier() {
      return failure -> {
        classified.add(failure);
        return FailureKind.DATA;
      };
    }
  }

  private final Naming writer = new Naming();

  private List<Rows.Probe<WriteResult>> submit(Schema schema, int... ids) {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    BatchFlow flow =
        Rows.flow(writer, time)
            .maxPending(Math.max(1_000, ids.length))
            .defaultPolicy(patient().maxSize(ids.length).concurrency(1).build())
            .build();
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    for (int id : ids) {
      probes.add(watch(flow.submit(schema.row().set(0, id))));
    }
    time.advanceTime();
    assertThat(flow.stats().ledger().isBalanced()).isTrue();
    assertThat(flow.stats().ledger().pending()).isZero();
    return probes;
  }

  private static Schema unkeyed() {
    return Schema.table("readings").columns("id").build();
  }

  private static List<OutcomeStatus> rejectedIfNegative(int... ids) {
    return IntStream.of(ids)
        .mapToObj(id -> id < 0 ? OutcomeStatus.REJECTED : OutcomeStatus.WRITTEN)
        .toList();
  }

  @Test
  void theNamedRowIsWrittenAfterAllOthers() {
    int[] ids = {1, 2, -3, 4, 5, 6, -7, 8};

    assertThat(Rows.statuses(submit(unkeyed(), ids))).isEqualTo(rejectedIfNegative(ids));

    assertThat(writer.batches)
        .containsExactly(
            List.of(1, 2, -3, 4, 5, 6, -7, 8),
            List.of(1, 2, 4, 5, 6, -7, 8),
            List.of(1, 2, 4, 5, 6, 8),
            List.of(-7),
            List.of(-3));
  }

  @Test
  void aRowIsNamedAtEitherEnd() {
    int[] ids = {-1, 2, 3, -4};

    assertThat(Rows.statuses(submit(unkeyed(), ids))).isEqualTo(rejectedIfNegative(ids));

    assertThat(writer.batches).startsWith(List.of(-1, 2, 3, -4), List.of(2, 3, -4), List.of(2, 3));
  }

  @Test
  void aRowThatIsNamedWronglyCostsWritesButNoRow() {
    int[] ids = IntStream.range(1, 100).map(id -> id % 9 == 0 ? -id : id).toArray();
    for (IntUnaryOperator wrong :
        List.<IntUnaryOperator>of(bad -> 0, bad -> bad + 1, bad -> -1, bad -> 1_000_000)) {
      writer.named = wrong;
      assertThat(Rows.statuses(submit(unkeyed(), ids))).isEqualTo(rejectedIfNegative(ids));
    }
  }

  @Test
  void rowsThatTravelTogetherAreNamedTogether() {
    Schema schema =
        Schema.table("people")
            .columns("id", "name")
            .conflictKey("id")
            .onConflict(ConflictStrategy.REPLACE)
            .build();

    int[] ids = {5, -2, 7, -2, 5};
    assertThat(Rows.statuses(submit(schema, ids))).isEqualTo(rejectedIfNegative(ids));
    assertThat(writer.batches.get(0)).containsExactly(-2, 5, 7);
  }

  @Test
  void aNamedRowThatOthersOfItsKeyMayFollowIsWrittenInItsPlace() {
    Schema schema =
        Schema.table("people")
            .columns("id")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    writer.equality = KeyEquality.byBackend();
    int[] ids = {1, -2, 3, -4, -5, 6};

    assertThat(Rows.statuses(submit(schema, ids))).isEqualTo(rejectedIfNegative(ids));

    assertThat(writer.batches)
        .containsExactly(
            List.of(1, -2, 3, -4, -5, 6),
            List.of(1),
            List.of(-2),
            List.of(3, -4, -5, 6),
            List.of(3),
            List.of(-4),
            List.of(-5, 6),
            List.of(-5),
            List.of(6));
  }

  @Test
  void aBatchOfBadRowsAloneEndsWithinItsBound() {
    int[] ids = IntStream.range(1, 5_000).map(id -> -id).toArray();

    assertThat(Rows.statuses(submit(unkeyed(), ids))).containsOnly(OutcomeStatus.REJECTED);

    assertThat(writer.batches.size()).isLessThanOrEqualTo(2 * ids.length);
  }

  @Test
  void allButTheFlowAreToldTheCause() {
    Throwable told = submit(unkeyed(), 1, -2).get(1).errors.get(0);

    assertThat(told).isInstanceOf(RowRejectedException.class);
    assertThat(told.getCause()).isNotInstanceOf(BadRowException.class);
    assertThat(writer.classified).noneMatch(BadRowException.class::isInstance);
  }
}
