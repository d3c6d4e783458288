package io.batchflow;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import reactor.core.publisher.Flux;

/** The Reactive Streams TCK on the outcomes of {@code submitAll}. */
public class SubmitAllTckTest extends PublisherVerification<Outcome<Row>> {

  private BatchFlow flow = newFlow();

  /** Created by the test engine. */
  public SubmitAllTckTest() {
    super(new TestEnvironment(5_000, 100), 1_000);
  }

  private static BatchFlow newFlow() {
    BatchPolicy policy = BatchPolicy.builder().maxSize(7).maxDelay(Duration.ofMillis(1)).build();
    return BatchFlow.builder(RecordingWriter.create()).defaultPolicy(policy).build();
  }

  /** Opens the flow. */
  @BeforeClass
  public void open() {
    flow = newFlow();
  }

  /** Closes the flow. */
  @AfterClass
  public void close() {
    flow.close().block(Duration.ofSeconds(10));
  }

  @Override
  public Publisher<Outcome<Row>> createPublisher(long elements) {
    Flux<Row> rows =
        elements == Long.MAX_VALUE
            ? Flux.<Row>generate(sink -> sink.next(Rows.event(1)))
            : Flux.range(0, (int) elements).map(Rows::event);
    return flow.submitAll(rows);
  }

  @Override
  public Publisher<Outcome<Row>> createFailedPublisher() {
    BatchFlow closed = newFlow();
    closed.close().block(Duration.ofSeconds(10));
    return closed.submitAll(Flux.just(Rows.event(1)));
  }

  @Override
  public long maxElementsFromPublisher() {
    return 100_000;
  }
}
