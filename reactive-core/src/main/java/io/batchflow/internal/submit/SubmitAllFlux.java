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

  private final Submitter submitter;
  private final Streams streams;
  private final RowSource<? super T> source;
  private final CallOptions options;
  private final Flux<? extends T> values;

  private SubmitAllFlux(
      Submitter submitter,
      Streams streams,
      RowSource<? super T> source,
      CallOptions options,
      Flux<? extends T> values) {
    this.submitter = submitter;
    this.streams = streams;
    this.source = source;
    this.options = options;
    this.values = values;
  }

  public static <T> Flux<Outcome<T>> of(
      Submitter submitter,
      Streams streams,
      RowSource<? super T> source,
      Publisher<? extends T> values) {
    return of(submitter, streams, source, CallOptions.NONE, values);
  }

  static <T> Flux<Outcome<T>> of(
      Submitter submitter,
      Streams streams,
      RowSource<? super T> source,
      CallOptions options,
      Publisher<? extends T> values) {
    return onAssembly(new SubmitAllFlux<>(submitter, streams, source, options, Flux.from(values)));
  }

  @Override
  public void subscribe(CoreSubscriber<? super Outcome<T>> actual) {
    if (submitter.admission.isClosed()) {
      Operators.error(actual, FlowClosedException.stream());
    } else {
      values.subscribe(new RowStream<>(submitter, streams, source, options, actual));
    }
  }
}
