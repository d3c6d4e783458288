package io.batchflow.internal.submit;

import io.batchflow.BatchPolicy;
import io.batchflow.Outcome;
import io.batchflow.Request;
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

/** The Reactive Streams TCK on the side of {@code submitAll} that subscribes to the requests. */
public class RequestStreamTckTest extends SubscriberWhiteboxVerification<Request> {

  /** Created by the test engine. */
  public RequestStreamTckTest() {
    super(new TestEnvironment(5_000, 100));
  }

  @Override
  public Subscriber<Request> createSubscriber(WhiteboxSubscriberProbe<Request> probe) {
    FlowOptions options = new FlowOptions(RecordingWriter.create());
    options.defaultPolicy = BatchPolicy.builder().maxDelay(Duration.ZERO).build();
    options.scheduler = Schedulers.parallel();
    FlowConfig config = new FlowConfig(options);
    Engine engine = new Engine(config, config.newLoop());
    RequestStream stream =
        new RequestStream(engine.submitter, engine.streams, new BaseSubscriber<Outcome>() {});
    return new Probed(stream, probe);
  }

  @Override
  public Request createElement(int element) {
    return Rows.event(element);
  }

  /** Passes everything on and tells the probe what passes. */
  private static final class Probed implements Subscriber<Request> {

    private final RequestStream stream;
    private final WhiteboxSubscriberProbe<Request> probe;

    Probed(RequestStream stream, WhiteboxSubscriberProbe<Request> probe) {
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
    public void onNext(Request request) {
      stream.onNext(request);
      probe.registerOnNext(request);
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
