package io.batchflow.kafka;

import io.batchflow.watermark.Watermarks;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/** Commits watermarks, and nothing else. Used by the thread of the consumer only. */
final class Commits {

  private static final Logger LOG = Loggers.getLogger(KafkaIngest.class);

  private final Consumer<byte[], byte[]> consumer;
  private final Watermarks<TopicPartition> marks;
  private final long intervalNanos;
  private final Look look;
  private long last = System.nanoTime();

  Commits(
      Consumer<byte[], byte[]> consumer,
      Watermarks<TopicPartition> marks,
      Duration interval,
      Look look) {
    this.look = look;
    this.consumer = consumer;
    this.marks = marks;
    this.intervalNanos = interval.toNanos();
  }

  /**
   * Starts a commit if the last one was started long enough ago.
   *
   * @return whether it was
   */
  boolean ifDue(Collection<AssignedPartition> partitions, RecordEnds ends) {
    long now = System.nanoTime();
    if (now - last < intervalNanos) {
      return false;
    }
    last = now;
    Map<AssignedPartition, Long> due = due(partitions);
    if (!due.isEmpty()) {
      consumer.commitAsync(offsets(due), (offsets, error) -> ended(due, error, ends));
    } else if (partitions.stream().noneMatch(partition -> partition.inFlight.get() > 0)) {
      look.settled();
    }
    return true;
  }

  private void ended(Map<AssignedPartition, Long> due, @Nullable Exception error, RecordEnds ends) {
    if (error == null) {
      committed(due);
    } else if (error instanceof RetriableException
        || error instanceof RebalanceInProgressException
        || error instanceof CommitFailedException) {
      LOG.debug("Offsets were not committed. The next commit contains them", error);
    } else {
      ends.fail(KafkaIngestException.of("Offsets cannot be committed", error));
    }
  }

  /**
   * Commits and waits for it. If that fails, the records are read again, and stored again.
   *
   * @return false if the group takes no commits before the next poll
   */
  boolean now(Collection<AssignedPartition> partitions, Duration limit) {
    Map<AssignedPartition, Long> due = due(partitions);
    if (due.isEmpty()) {
      return true;
    }
    try {
      consumer.commitSync(offsets(due), limit);
      committed(due);
    } catch (RebalanceInProgressException rebalance) {
      return false;
    } catch (KafkaException failure) {
      LOG.warn(
          "The offsets {} were not committed: their records will be read again",
          due.keySet(),
          failure);
    }
    return true;
  }

  private Map<AssignedPartition, Long> due(Collection<AssignedPartition> partitions) {
    Map<AssignedPartition, Long> due = new HashMap<>();
    for (AssignedPartition partition : partitions) {
      marks
          .watermark(partition.id)
          .ifPresent(
              next -> {
                if (next > partition.committed) {
                  due.put(partition, next);
                }
              });
    }
    return due;
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsets(Map<AssignedPartition, Long> due) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    due.forEach((partition, next) -> offsets.put(partition.id, new OffsetAndMetadata(next)));
    return offsets;
  }

  private void committed(Map<AssignedPartition, Long> due) {
    due.forEach((partition, next) -> partition.committed = Math.max(partition.committed, next));
    look.settled();
  }
}
