package io.batchflow.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The claims of the partitions of this member. A partition is not read before it is claimed. Used
 * by the thread of the consumer only, except for the answers of the database.
 */
final class Claims {

  /** A claim under way. A later one of the same partition replaces it. */
  private record Asked(TopicPartition id, long start) {}

  private record Answer(Asked asked, @Nullable Claim claim) {}

  private final OffsetTable table;
  private final RecordEnds ends;
  private final Map<TopicPartition, Asked> pending = new HashMap<>();
  private final Map<TopicPartition, Claim> held = new HashMap<>();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  Claims(OffsetTable table, RecordEnds ends) {
    this.table = table;
    this.ends = ends;
  }

  /**
   * Begins to claim a partition.
   *
   * @param start where to read if no offset is stored; {@link Claim#NOTHING_STORED} for where the
   *     consumer is
   */
  void begin(TopicPartition id, long start) {
    Asked asked = new Asked(id, start);
    held.remove(id);
    pending.put(id, asked);
    table
        .claim(id)
        .subscribe(
            claim -> answers.add(new Answer(asked, claim)),
            failure ->
                ends.fail(
                    KafkaIngestException.of(
                        "The offset of " + id + " cannot be claimed", failure)));
  }

  boolean isPending() {
    return !pending.isEmpty();
  }

  boolean isPending(TopicPartition id) {
    return pending.containsKey(id);
  }

  void forget(Collection<TopicPartition> gone) {
    gone.forEach(
        id -> {
          pending.remove(id);
          held.remove(id);
        });
  }

  /** Passes on each partition that was claimed meanwhile, with the offset from which to read. */
  void forEachTaken(BiConsumer<TopicPartition, Long> taken) {
    for (Answer answer; (answer = answers.poll()) != null; ) {
      Asked asked = answer.asked;
      Claim claim = answer.claim;
      if (claim != null && pending.remove(asked.id, asked)) {
        held.put(asked.id, claim);
        taken.accept(asked.id, claim.next() == Claim.NOTHING_STORED ? asked.start : claim.next());
      }
    }
  }

  @Nullable Claim of(TopicPartition id) {
    return held.get(id);
  }
}
