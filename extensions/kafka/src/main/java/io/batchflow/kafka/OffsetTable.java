package io.batchflow.kafka;

import io.batchflow.AbsentStrategy;
import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/**
 * The table of offsets. Its row of a partition has the next offset to read, and the number of the
 * claim that may move it. A new claim replaces the number, so units of an older claim, which update
 * the row by its number, find none and fail. Immutable.
 */
final class OffsetTable {

  private static final String NEXT = "next_offset";
  private static final String CLAIM = "claim";

  private final BatchFlow flow;
  private final String group;
  private final Schema claims;
  private final Schema offsets;

  OffsetTable(BatchFlow flow, String group, String table) {
    this.flow = flow;
    this.group = group;
    this.claims =
        Schema.table(table)
            .columns("consumer_group", "topic", "partition_no", CLAIM, NEXT)
            .conflictKey("consumer_group", "topic", "partition_no")
            .onConflict(ConflictStrategy.UPDATE)
            .updateColumns(CLAIM)
            .returning(NEXT)
            .build();
    this.offsets =
        Schema.table(table)
            .columns(CLAIM, NEXT)
            .conflictKey(CLAIM)
            .onConflict(ConflictStrategy.UPDATE)
            .onAbsent(AbsentStrategy.REJECT)
            .build();
  }

  /**
   * Takes a partition over. Waits for the transaction of an older claim, if it has updated the row.
   */
  Mono<Claim> claim(TopicPartition id) {
    return Mono.defer(
        () -> {
          long number = UUID.randomUUID().getMostSignificantBits();
          Row row =
              claims
                  .row()
                  .set("consumer_group", group)
                  .set("topic", id.topic())
                  .set("partition_no", id.partition())
                  .set(CLAIM, number)
                  .set(NEXT, Claim.NOTHING_STORED);
          return write(row).map(stored -> new Claim(number, next(stored)));
        });
  }

  /** Returns the row that moves the offset, if the claim still holds. */
  Row moveTo(Claim claim, long next) {
    return offsets.row().set(CLAIM, claim.number()).set(NEXT, next);
  }

  private static long next(WriteResult stored) {
    return ((Number) Objects.requireNonNull(stored.value(NEXT), NEXT)).longValue();
  }

  /** Waits for room, whatever the policy of the flow. */
  private Mono<WriteResult> write(Row row) {
    return flow.submitAll(Mono.just(row)).single().map(OffsetTable::written);
  }

  private static WriteResult written(Outcome<Row> outcome) {
    BatchFlowException error = outcome.error();
    if (error != null) {
      throw error;
    }
    return Objects.requireNonNull(outcome.result(), "result");
  }
}
