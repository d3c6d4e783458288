package io.batchflow.examples.pipeline;

import io.batchflow.testkafka.KafkaBroker;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Sends orders at a steady rate, on a thread of its own. */
final class Orders implements AutoCloseable {

  static final String TOPIC = "orders";

  private final KafkaBroker broker;
  private final int partitions;
  private final long records;
  private final long nanosEach;
  private final Thread thread = new Thread(this::run, "producer");
  private volatile long sent;
  private volatile boolean stopped;

  Orders(KafkaBroker broker, int partitions, long records, int perSecond) {
    this.broker = broker;
    this.partitions = partitions;
    this.records = records;
    this.nanosEach = Duration.ofSeconds(1).toNanos() / perSecond;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    long start = System.nanoTime();
    for (long order = 0; order < records && !stopped; order++) {
      while (System.nanoTime() - start < order * nanosEach) {
        LockSupport.parkNanos(1_000_000);
      }
      broker.send(TOPIC, (int) (order % partitions), "order-" + order, "tea");
      sent = order + 1;
    }
    broker.flush();
  }

  long sent() {
    return sent;
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt(); // it is a daemon
    }
  }
}
