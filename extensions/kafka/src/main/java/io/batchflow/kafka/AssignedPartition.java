package io.batchflow.kafka;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One assignment of a partition to this member of the group. */
final class AssignedPartition {

  final TopicPartition id;

  /** Records without an outcome. */
  final AtomicInteger inFlight = new AtomicInteger();

  /** The offset that is known to be committed. Used by the thread of the consumer only. */
  long committed = -1;

  /** The first offset that was read. */
  final long start;

  /** The claim in the database; null if offsets are stored by Kafka only. */
  final @Nullable Claim claim;

  private volatile boolean givenUp;
  private volatile boolean inDoubt;

  AssignedPartition(TopicPartition id, long start, @Nullable Claim claim) {
    this.id = id;
    this.start = start;
    this.claim = claim;
  }

  /** Only a new claim can tell which records are stored. */
  void doubt() {
    inDoubt = true;
  }

  boolean isInDoubt() {
    return inDoubt;
  }

  /** From now on another member reads the records that are still open. */
  void giveUp() {
    givenUp = true;
  }

  boolean isGivenUp() {
    return givenUp;
  }

  @Override
  public String toString() {
    return id.toString();
  }
}
