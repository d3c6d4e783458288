package io.batchflow.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

@Tag("server")
class AtomicBatchTest {

  private final Sandbox redis = Sandbox.open();
  private final Schema pushes = Schema.table("pushes").columns("id", "value").build();
  private final Schema raw = Schema.table("raw").columns("cmd", "key", "a").build();
  private final RedisBatchWriter writer =
      redis.writer().atomic().map(pushes, RedisMapping.rpush("{id}", "value")).build();

  @AfterEach
  void cleanUp() {
    writer.close().block(Sandbox.PATIENCE);
    redis.close();
  }

  private Row push(String list, Object value) {
    return pushes.row().set("id", redis.key(list)).set("value", value);
  }

  private BatchResult write(Schema schema, Row... rows) {
    BatchResult result = writer.write(new Batch(schema, List.of(rows))).block(Sandbox.PATIENCE);
    assertThat(result).isNotNull();
    return result;
  }

  /** Batches push their numbers to two lists. Both lists have the same order. */
  @Test
  void noOtherBatchComesBetween() {
    int batches = 200;
    Flux.range(0, batches)
        .flatMap(
            i -> {
              List<Row> rows = new ArrayList<>();
              for (int n = 0; n < 20; n++) {
                rows.add(push(n % 2 == 0 ? "a" : "b", i));
              }
              return writer.write(new Batch(pushes, rows));
            },
            16)
        .blockLast(Sandbox.PATIENCE);

    List<String> a = redis.sync().lrange(redis.key("a"), 0, -1);
    assertThat(a).hasSize(batches * 10).isEqualTo(redis.sync().lrange(redis.key("b"), 0, -1));
    for (int i = 0; i < a.size(); i += 10) {
      assertThat(a.subList(i, i + 10)).containsOnly(a.get(i));
    }
  }

  @Test
  void aRowThatFailsIsToldAndTheOthersStand() {
    redis.sync().set(redis.key("text"), "not a list");

    BatchResult result = write(pushes, push("a", 1), push("text", 2), push("a", 3));

    assertThat(result.rejected()).containsOnlyKeys(1);
    assertThat(result.rejected().get(1)).hasMessageContaining("WRONGTYPE");
    assertThat(redis.sync().lrange(redis.key("a"), 0, -1)).containsExactly("1", "3");
  }

  @Test
  void aCommandThatTheServerDoesNotTakeUndoesTheBatch() {
    BatchResult result =
        write(
            raw,
            raw.row().set("cmd", "RPUSH").set("key", redis.key("a")).set("a", "1"),
            raw.row().set("cmd", "RPUSH").set("key", redis.key("a")),
            raw.row().set("cmd", "RPUSH").set("key", redis.key("a")).set("a", "3"));

    assertThat(result.rejected()).containsOnlyKeys(0, 1, 2);
    assertThat(writer.failureClassifier().classify(result.rejected().get(1)))
        .isEqualTo(FailureKind.DATA);
    assertThat(writer.failureClassifier().classify(result.rejected().get(0)))
        .isEqualTo(FailureKind.TRANSIENT);
    assertThat(redis.sync().exists(redis.key("a"))).isZero();
  }

  /** Through a flow, undone commands are sent again without the one that failed. */
  @Test
  void theOthersAreWrittenWithoutIt() {
    var outcomes =
        Sandbox.submitTogether(
            writer,
            List.of(
                raw.row().set("cmd", "RPUSH").set("key", redis.key("a")).set("a", "1"),
                raw.row().set("cmd", "RPUSH").set("key", redis.key("a")),
                raw.row().set("cmd", "RPUSH").set("key", redis.key("a")).set("a", "3")));

    assertThat(outcomes).extracting(outcome -> outcome.isWritten()).containsOnlyOnce(false);
    assertThat(redis.sync().lrange(redis.key("a"), 0, -1)).containsExactly("1", "3");
  }
}
