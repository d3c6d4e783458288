package io.batchflow.kafka.connect;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/**
 * A task of the {@link BatchFlowSinkConnector}, which Connect creates. {@link #put} never waits for
 * the database: the partitions are paused instead. Offsets are committed up to the first record
 * without an outcome.
 */
public final class BatchFlowSinkTask extends SinkTask {

  /** How soon Connect calls again while records are open. */
  private static final long LOOK_MILLIS = 20;

  private @Nullable SinkPipeline pipeline;
  private boolean paused;

  /** Creates a task, for Connect. */
  public BatchFlowSinkTask() {}

  @Override
  public String version() {
    return BatchFlowSinkConnector.VERSION;
  }

  @Override
  public void start(Map<String, String> properties) {
    TaskMetrics metrics = new TaskMetrics();
    metrics.publish(context);
    pipeline =
        new SinkPipeline(new SinkConfig(properties), context.errantRecordReporter(), metrics);
  }

  private SinkPipeline pipeline() {
    return Objects.requireNonNull(pipeline, "The task was not started");
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    if (paused) {
      context.pause(partitions.toArray(new TopicPartition[0]));
    }
  }

  /**
   * Takes records, and reports those that could not be stored. Never throws a RetriableException,
   * as that would deliver records again that are stored.
   *
   * @throws ConnectException if the task must fail
   */
  @Override
  public void put(Collection<SinkRecord> records) {
    records.forEach(pipeline()::add);
    pipeline().settle();
    if (!paused && pipeline().isFull()) {
      paused = true;
      context.pause(assignment());
    } else if (paused && pipeline().hasRoom()) {
      paused = false;
      context.resume(assignment());
    }
    if (pipeline().isOpen()) {
      context.timeout(LOOK_MILLIS);
    }
  }

  private TopicPartition[] assignment() {
    return context.assignment().toArray(new TopicPartition[0]);
  }

  /**
   * Waits a moment for open records, as Connect calls this before it takes partitions away, and
   * returns up to where the records are stored or kept as letters.
   */
  @Override
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> delivered) {
    pipeline().drain(delivered.keySet());
    return pipeline().watermarks(delivered);
  }

  @Override
  public void close(Collection<TopicPartition> partitions) {
    pipeline().drain(partitions);
    pipeline().giveUp(partitions);
  }

  @Override
  public void stop() {
    SinkPipeline started = pipeline;
    if (started != null) {
      started.close();
    }
  }
}
