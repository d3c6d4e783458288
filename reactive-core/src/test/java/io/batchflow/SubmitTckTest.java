package io.batchflow;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;

/** The Reactive Streams TCK on the result of {@code submit}. */
public class SubmitTckTest extends PublisherVerification<WriteResult> {

  private final BatchFlow flow =
      BatchFlow.builder(RecordingWriter.create())
          .defaultPolicy(BatchPolicy.builder().maxDelay(Duration.ZERO).build())
          .build();

  /** Created by the test engine. */
  public SubmitTckTest() {
    super(new TestEnvironment(5_000, 100), 1_000);
  }

  @Override
  public Publisher<WriteResult> createPublisher(long elements) {
    return flow.submit(Rows.event(1));
  }

  @Override
  public Publisher<WriteResult> createFailedPublisher() {
    BatchFlow closed = BatchFlow.builder(RecordingWriter.create()).build();
    closed.close().block(Duration.ofSeconds(10));
    return closed.submit(Rows.event(1));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 1;
  }
}
