package io.batchflow.r2dbc.outbox;

import static io.batchflow.r2dbc.outbox.OutboxScene.PATIENCE;
import static io.batchflow.r2dbc.outbox.OutboxScene.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.message.Message;
import io.batchflow.r2dbc.lease.LeaseDatabase.Kind;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.IsolationLevel;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A partition is truncated once all of its messages have left. */
@Tag("server")
class RotationTest {

  private static final String SIZE =
      "SELECT CAST(SUM(pg_relation_size('batchflow_outbox_' || part)) AS BIGINT)"
          + " FROM generate_series(0, 2) AS part";

  /** The partition before the current one takes the messages, as if its minute had passed. */
  private static OutboxScene aMinuteLater() throws Exception {
    OutboxScene scene = OutboxScene.rotatingOn(Kind.POSTGRES);
    scene.number(
        "ALTER TABLE batchflow_outbox ALTER part SET DEFAULT"
            + " (CAST(FLOOR(EXTRACT(EPOCH FROM now()) / 60) AS BIGINT) + 2) % 3");
    return scene;
  }

  private static Message[] messages(int count) {
    return IntStream.range(0, count).mapToObj(i -> message("key", "" + i)).toArray(Message[]::new);
  }

  @Test
  void nothingRemainsOfMessagesThatHaveLeft() throws Exception {
    try (OutboxScene scene = aMinuteLater()) {
      Connection old = scene.pool.create().block(PATIENCE);
      Mono.from(old.setTransactionIsolationLevel(IsolationLevel.REPEATABLE_READ))
          .then(Mono.from(old.beginTransaction()))
          .thenMany(Flux.defer(() -> old.createStatement("SELECT txid_current()").execute()))
          .flatMap(result -> result.map(row -> row.get(0, Long.class)))
          .blockLast(PATIENCE);
      scene.commit(messages(100));
      assertThat(scene.outbox.rotate().block(PATIENCE)).isZero();
      OutboxRelay relay = scene.start(scene.outbox.relay(scene.recorder()));

      List<String> all = IntStream.range(0, 100).mapToObj(i -> "" + i).toList();
      assertThat(scene.published(100)).isEqualTo(all);
      relay.close().block(PATIENCE);
      assertThat(scene.number(SIZE)).isPositive();
      // The database may be at work on the table by itself.
      scene
          .outbox
          .rotate()
          .filter(truncated -> truncated == 1)
          .repeatWhenEmpty(busy -> busy.delayElements(Duration.ofMillis(20)))
          .block(PATIENCE);
      assertThat(scene.number(SIZE)).isZero();
      Mono.from(old.rollbackTransaction()).then(Mono.from(old.close())).block(PATIENCE);
    }
  }

  @Test
  void aPartitionInWhichATransactionAppendsIsLeft() throws Exception {
    try (OutboxScene scene = aMinuteLater()) {
      OutboxScene.Transaction open = scene.append(message("key", "late"));
      assertThat(scene.outbox.rotate().block(PATIENCE)).isZero();
      open.end(true);

      scene.start(scene.outbox.relay(scene.recorder()));
      assertThat(scene.published(1)).containsExactly("late");
    }
  }
}
