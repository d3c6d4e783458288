package io.batchflow.kafka;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a member of a share group has acknowledged. Written by its thread; read by any thread. */
final class ShareCounts {

  private final LongAdder accepted = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder released = new LongAdder();
  private volatile @Nullable OpenPoll poll;

  void begin(OpenPoll begun) {
    poll = begun;
  }

  void acknowledged(RecordEnd end) {
    LongAdder count =
        switch (end) {
          case STORED -> accepted;
          case KEPT -> rejected;
          case OPEN -> released;
        };
    count.increment();
  }

  KafkaShareIngestStats stats() {
    OpenPoll open = poll;
    return new KafkaShareIngestStats(
        open == null ? 0 : open.open(), accepted.sum(), rejected.sum(), released.sum());
  }
}
