package io.batchflow.kafka;

import io.batchflow.watermark.OpenPosition;
import io.batchflow.watermark.Watermarks;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * The thread of the consumer. It goes on to poll while the flow has no room, with all partitions
 * paused, so the group never takes this member for dead.
 */
final class IngestLoop implements Loop, ConsumerRebalanceListener {

  private static final Logger LOG = Loggers.getLogger(KafkaIngest.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CLAIM_POLL = Duration.ofMillis(5);
  private static final long PAUSED_NANOS = Duration.ofMillis(50).toNanos();
  private static final long DRAIN_NANOS = Duration.ofMillis(2).toNanos();
  private static final Duration LAST_COMMIT = Duration.ofSeconds(5);

  private final IngestConfig config;
  private final Consumer<byte[], byte[]> consumer;
  private final InFlight inFlight;
  private final Look look;
  private final RecordEnds ends;
  private final Feed feed;
  private final @Nullable Claims claims;
  private final Watermarks<TopicPartition> marks = Watermarks.create();
  private final Commits commits;
  private final Map<TopicPartition, AssignedPartition> assigned = new HashMap<>();

  private boolean paused;
  private volatile boolean closing;

  IngestLoop(IngestConfig config, Consumer<byte[], byte[]> consumer, InFlight inFlight, Look look) {
    this.config = config;
    this.consumer = consumer;
    this.inFlight = inFlight;
    this.ends = new RecordEnds(config.keeper, look);
    OffsetTable table = config.offsets;
    this.claims = table == null ? null : new Claims(table, ends);
    this.feed =
        table == null
            ? new RowFeed(config.flow, config.mapping, ends)
            : new UnitFeed(config, table, ends);
    this.look = look;
    this.commits = new Commits(consumer, marks, config.commitInterval, look);
  }

  @Override
  public void close() {
    closing = true;
  }

  @Override
  public @Nullable KafkaIngestException run() {
    inFlight.wake(Thread.currentThread());
    try {
      consumer.subscribe(config.topics, this);
      while (!closing && ends.failure() == null) {
        step();
      }
    } catch (RuntimeException | Error failure) {
      ends.fail(KafkaIngestException.of("The consumer of Kafka failed", failure));
    }
    end();
    return ends.failure();
  }

  private void step() {
    steer();
    if (claims != null) {
      claims.forEachTaken(this::begin);
    }
    List<AssignedPartition> inDoubt =
        assigned.values().stream().filter(AssignedPartition::isInDoubt).toList();
    take(poll());
    inDoubt.forEach(this::claimAgain);
    if (commits.ifDue(assigned.values(), ends)) {
      look.at(assigned.size(), unread());
    }
    if (paused && !inFlight.hasRoom()) {
      LockSupport.parkNanos(this, PAUSED_NANOS);
    }
  }

  private long unread() {
    return assigned.keySet().stream().mapToLong(id -> consumer.currentLag(id).orElse(0)).sum();
  }

  private void steer() {
    if (!paused && inFlight.isFull()) {
      paused = true;
      consumer.pause(consumer.assignment());
    } else if (paused && inFlight.hasRoom()) {
      paused = false;
      resume(consumer.paused());
    }
  }

  /** A partition that is not claimed yet must not be read. */
  private void resume(Collection<TopicPartition> partitions) {
    consumer.resume(
        partitions.stream().filter(id -> claims == null || !claims.isPending(id)).toList());
  }

  /** Reads a claimed partition from where its rows end. */
  private void begin(TopicPartition id, long next) {
    if (next >= 0) {
      consumer.seek(id, next);
    }
    if (!paused) {
      consumer.resume(List.of(id));
    }
  }

  /** After a poll, as that tells whether the partition belongs to this member. */
  private void claimAgain(AssignedPartition partition) {
    if (claims != null && assigned.remove(partition.id, partition)) {
      giveUp(List.of(partition));
      consumer.pause(List.of(partition.id));
      claims.begin(partition.id, partition.start);
    }
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      return consumer.poll(timeout());
    } catch (RetriableException failure) {
      LOG.warn("A poll failed. It is repeated", failure);
      LockSupport.parkNanos(this, PAUSED_NANOS);
      return ConsumerRecords.empty();
    }
  }

  private Duration timeout() {
    if (paused) {
      return Duration.ZERO;
    }
    return claims != null && claims.isPending() ? CLAIM_POLL : POLL;
  }

  private void take(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition id : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> ofPartition = records.records(id);
      AssignedPartition partition = assigned.get(id);
      if (partition == null) {
        long start = ofPartition.get(0).offset();
        partition = new AssignedPartition(id, start, claims == null ? null : claims.of(id));
        assigned.put(id, partition);
        marks.assign(id, start);
      }
      for (ConsumerRecord<byte[], byte[]> record : ofPartition) {
        OpenPosition<TopicPartition> position = marks.open(id, record.offset());
        feed.submit(OffsetRecord.begin(record, position, partition, inFlight));
      }
    }
    records
        .nextOffsets()
        .forEach(
            (id, next) -> {
              if (assigned.containsKey(id)) {
                marks.skipTo(id, next.offset()); // over aborted records and markers
              }
            });
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    if (paused || claims != null) {
      consumer.pause(partitions);
    }
    if (claims != null) {
      partitions.forEach(id -> claims.begin(id, Claim.NOTHING_STORED));
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    List<AssignedPartition> going = remove(partitions);
    drain(going);
    commits.now(going, LAST_COMMIT);
    giveUp(going);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    giveUp(remove(partitions));
  }

  private List<AssignedPartition> remove(Collection<TopicPartition> partitions) {
    if (claims != null) {
      claims.forget(partitions);
    }
    return partitions.stream().map(assigned::remove).filter(Objects::nonNull).toList();
  }

  private void giveUp(Collection<AssignedPartition> going) {
    for (AssignedPartition partition : going) {
      partition.giveUp();
      marks.revoke(partition.id);
    }
  }

  /** Waits until all records of some partitions have ended, or the time is over. */
  private void drain(Collection<AssignedPartition> going) {
    long start = System.nanoTime();
    long limit = config.drainTimeout.toNanos();
    if (isOpen(going)) {
      feed.hurry();
    }
    while (isOpen(going) && !feed.isOver()) {
      if (System.nanoTime() - start > limit) {
        LOG.warn("Records were still open after drainTimeout. Their partitions are given up");
        return;
      }
      LockSupport.parkNanos(this, DRAIN_NANOS);
    }
  }

  private static boolean isOpen(Collection<AssignedPartition> partitions) {
    return partitions.stream().anyMatch(partition -> partition.inFlight.get() > 0);
  }

  private void end() {
    try {
      List<AssignedPartition> all = List.copyOf(assigned.values());
      drain(all);
      feed.close();
      commitLast(all);
      giveUp(all);
      assigned.clear();
      consumer.close(CloseOptions.timeout(LAST_COMMIT));
    } catch (RuntimeException | Error failure) {
      ends.fail(KafkaIngestException.of("The consumer of Kafka could not be closed", failure));
    }
  }

  /** A group that is about to rebalance takes no commits until this member has polled again. */
  private void commitLast(Collection<AssignedPartition> all) {
    long start = System.nanoTime();
    paused = true;
    while (!commits.now(all, LAST_COMMIT) && System.nanoTime() - start < LAST_COMMIT.toNanos()) {
      consumer.pause(consumer.assignment());
      take(poll());
    }
  }
}
