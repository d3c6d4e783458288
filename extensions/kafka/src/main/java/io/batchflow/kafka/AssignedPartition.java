package io.batchflow.kafka;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;

/** One assignment of a partition to this member of the group. */
final class AssignedPartition {

  final TopicPartition id;

  /** Records without an outcome. */
  final AtomicInteger inFlight = new AtomicInteger();

  /** The offset that is known to be committed. Used by the thread of the consumer only. */
  long committed = -1;

  private volatile boolean givenUp;

  AssignedPartition(TopicPartition id) {
    this.id = id;
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
