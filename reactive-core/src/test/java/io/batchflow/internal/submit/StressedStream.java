package io.batchflow.internal.submit;

import io.batchflow.Outcome;
import io.batchflow.Row;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;

/** A stream with its source and its caller. {@link #started()} requests all outcomes. */
final class StressedStream implements Subscription {

  final Signals<Outcome<Row>> caller = new Signals<>();
  final AtomicLong asked = new AtomicLong();
  final RowStream<Row> stream;

  StressedStream(ManualEngine flow) {
    stream = new RowStream<>(flow.engine.entry, flow.engine.streams, RowSource.ROWS, caller);
    stream.onSubscribe(this);
  }

  StressedStream started() {
    stream.request(Long.MAX_VALUE);
    return this;
  }

  int written() {
    Outcome<Row> outcome = caller.last.get();
    return outcome != null && outcome.isWritten() ? 1 : 0;
  }

  @Override
  public void request(long n) {
    asked.addAndGet(n);
  }

  @Override
  public void cancel() {}

  @Override
  public String toString() {
    return caller + ", asked " + asked;
  }
}
