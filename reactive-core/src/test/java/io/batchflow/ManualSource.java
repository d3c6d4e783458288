package io.batchflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** A source that emits a row when the test says so, and never more than requested. */
class ManualSource {
  final List<Outcome<Row>> outcomes = new ArrayList<>();
  final List<Throwable> errors = new ArrayList<>();
  private final AtomicLong demand = new AtomicLong();
  private final Disposable subscription;
  private FluxSink<Row> sink;

  ManualSource(BatchFlow flow) {
    subscription =
        flow.submitAll(Flux.<Row>create(this::start)).subscribe(outcomes::add, errors::add);
  }

  private void start(FluxSink<Row> started) {
    sink = started;
    started.onRequest(demand::addAndGet);
  }

  long demand() {
    return demand.get();
  }

  void give(Row row) {
    assertThat(demand.getAndDecrement()).as("rows asked for").isPositive();
    sink.next(row);
  }

  void cancel() {
    subscription.dispose();
  }
}
