package io.batchflow.internal.submit;

import io.batchflow.FlowClosedException;
import io.batchflow.Outcome;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * {@link io.batchflow.BatchFlow#submitAll BatchFlow.submitAll}: each subscription is one {@link
 * RowStream}.
 */
public final class SubmitAllFlux<T> extends Flux<Outcome<T>> {

  private final Entry entry;
  private final Streams streams;
  private final RowSource<? super T> source;
  private final Flux<? extends T> values;

  private SubmitAllFlux(
      Entry entry, Streams streams, RowSource<? super T> source, Flux<? extends T> values) {
    this.entry = entry;
    this.streams = streams;
    this.source = source;
    this.values = values;
  }

  public static <T> Flux<Outcome<T>> of(
      Entry entry, Streams streams, RowSource<? super T> source, Publisher<? extends T> values) {
    return onAssembly(new SubmitAllFlux<>(entry, streams, source, Flux.from(values)));
  }

  @Override
  public void subscribe(CoreSubscriber<? super Outcome<T>> actual) {
    if (entry.submitter().admission.isClosed()) {
      Operators.error(actual, FlowClosedException.stream());
    } else {
      values.subscribe(new RowStream<>(entry, streams, source, actual));
    }
  }
}
