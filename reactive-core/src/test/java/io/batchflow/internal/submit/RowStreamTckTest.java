package io.batchflow.internal.submit;

import io.batchflow.BatchPolicy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Rows;
import io.batchflow.internal.Engine;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.config.FlowOptions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;

/** The Reactive Streams TCK on the subscriber of the rows of {@code submitAll}. */
public class RowStreamTckTest extends SubscriberWhiteboxVerification<Row> {

  /** Created by the test engine. */
  public RowStreamTckTest() {
    super(new TestEnvironment(5_000, 100));
  }

  @Override
  public Subscriber<Row> createSubscriber(WhiteboxSubscriberProbe<Row> probe) {
    FlowOptions options = new FlowOptions(RecordingWriter.create());
    options.defaultPolicy = BatchPolicy.builder().maxDelay(Duration.ZERO).build();
    options.scheduler = Schedulers.parallel();
    FlowConfig config = new FlowConfig(options);
    Engine engine = new Engine(config, config.newLoop());
    RowStream<Row> stream =
        new RowStream<>(
            engine.entry, engine.streams, RowSource.ROWS, new BaseSubscriber<Outcome<Row>>() {});
    return new Probed(stream, probe);
  }

  @Override
  public Row createElement(int element) {
    return Rows.event(element);
  }

  /** Passes all signals on and reports them to the probe. */
  private static final class Probed implements Subscriber<Row> {

    private final RowStream<Row> stream;
    private final WhiteboxSubscriberProbe<Row> probe;

    Probed(RowStream<Row> stream, WhiteboxSubscriberProbe<Row> probe) {
      this.stream = stream;
      this.probe = probe;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      stream.onSubscribe(subscription);
      probe.registerOnSubscribe(
          new SubscriberPuppet() {
            @Override
            public void triggerRequest(long elements) {
              subscription.request(elements);
            }

            @Override
            public void signalCancel() {
              stream.cancel();
            }
          });
    }

    @Override
    public void onNext(Row row) {
      stream.onNext(row);
      probe.registerOnNext(row);
    }

    @Override
    public void onError(Throwable error) {
      stream.onError(error);
      probe.registerOnError(error);
    }

    @Override
    public void onComplete() {
      stream.onComplete();
      probe.registerOnComplete();
    }
  }
}
