package io.batchflow.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * The thread of a member of a share group. It polls, waits for the outcomes of the records, and
 * acknowledges each of them by its outcome.
 */
final class ShareLoop implements Loop {

  private static final Logger LOG = Loggers.getLogger(KafkaShareIngest.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LAST = Duration.ofSeconds(5);
  private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

  private final ShareConfig config;
  private final ShareConsumer<byte[], byte[]> consumer;
  private final RecordEnds ends;
  private final RowFeed feed;
  private final ShareCounts counts;

  private volatile boolean closing;

  ShareLoop(ShareConfig config, ShareConsumer<byte[], byte[]> consumer, ShareCounts counts) {
    this.config = config;
    this.consumer = consumer;
    this.counts = counts;
    this.ends = new RecordEnds(config.keeper, new Look());
    this.feed = new RowFeed(config.flow, config.mapping, ends);
  }

  @Override
  public void close() {
    closing = true;
  }

  @Override
  public @Nullable KafkaIngestException run() {
    try {
      consumer.subscribe(config.topics);
      while (!closing && ends.failure() == null) {
        store(consumer.poll(POLL));
      }
    } catch (RuntimeException | Error failure) {
      ends.fail(KafkaIngestException.of("The consumer of Kafka failed", failure));
    }
    end();
    return ends.failure();
  }

  private void store(ConsumerRecords<byte[], byte[]> records) {
    if (records.isEmpty()) {
      return;
    }
    OpenPoll open = new OpenPoll(records.count(), Thread.currentThread());
    counts.begin(open);
    List<ShareRecord> taken = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      ShareRecord each = new ShareRecord(record, open);
      taken.add(each);
      feed.add(each);
    }
    await(open);
    for (ShareRecord each : taken) {
      RecordEnd end = each.end();
      consumer.acknowledge(each.record(), acknowledgement(end));
      counts.acknowledged(end);
    }
    consumer
        .commitSync()
        .forEach(
            (partition, refused) ->
                refused.ifPresent(
                    failure ->
                        LOG.warn(
                            "Acknowledgements of {} came too late. Its records are delivered again",
                            partition.topicPartition(),
                            failure)));
  }

  /** Waits for the outcomes; when the ingest is closed, only for a bounded time. */
  private void await(OpenPoll open) {
    long closingSince = -1;
    while (open.isOpen() && !feed.isOver()) {
      long now = System.nanoTime();
      if (closing && closingSince < 0) {
        closingSince = now;
        feed.hurry();
      }
      if (closing && now - closingSince > config.drainTimeout.toNanos()) {
        LOG.warn("Records were still open after drainTimeout. They are released");
        return;
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  private static AcknowledgeType acknowledgement(RecordEnd end) {
    return switch (end) {
      case STORED -> AcknowledgeType.ACCEPT;
      case KEPT -> AcknowledgeType.REJECT;
      case OPEN -> AcknowledgeType.RELEASE;
    };
  }

  private void end() {
    try {
      feed.close();
      consumer.close(LAST);
    } catch (RuntimeException | Error failure) {
      ends.fail(KafkaIngestException.of("The consumer of Kafka could not be closed", failure));
    }
  }
}
