package io.batchflow.kafka.connect;

import java.util.concurrent.atomic.AtomicInteger;

/** One assignment of a partition to a task. */
final class AssignedPartition {

  /** Records without an outcome. */
  final AtomicInteger open = new AtomicInteger();

  /** Another task reads the records by now that are still open. */
  volatile boolean givenUp;
}
