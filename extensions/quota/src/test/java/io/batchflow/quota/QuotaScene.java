package io.batchflow.quota;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** A flow in virtual time whose rows have quotas. Its ledger must balance after each test. */
final class QuotaScene implements AfterEachCallback {

  final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  final RecordingWriter writer = RecordingWriter.create();
  final BatchFlow flow = BatchFlow.builder(writer).scheduler(time).build();
  final List<BatchFlowException> errors = new ArrayList<>();

  @Override
  public void afterEach(ExtensionContext context) {
    flow.close().subscribe();
    advance(Duration.ofMinutes(1));
    LedgerAssertions.assertBalanced(flow);
  }

  static Row row(String table, long id) {
    return Schema.table(table).columns("id").build().row().set("id", id);
  }

  Quotas.Builder quotas() {
    return Quotas.builder().scheduler(time);
  }

  ThrottledFlow throttled(Quotas.Builder quotas) {
    return ThrottledFlow.of(flow, quotas.build());
  }

  void advance(Duration by) {
    time.advanceTimeBy(by);
  }

  void advance(long millis) {
    advance(Duration.ofMillis(millis));
  }

  Disposable submit(ThrottledFlow throttled, Row row, Object... context) {
    Disposable waiting =
        throttled
            .submit(row)
            .contextWrite(known -> known.putAll(contextOf(context)))
            .subscribe(done -> {}, error -> errors.add((BatchFlowException) error));
    advance(0);
    return waiting;
  }

  static ContextView contextOf(Object... entries) {
    Context context = Context.empty();
    for (int i = 0; i < entries.length; i += 2) {
      context = context.put(entries[i], entries[i + 1]);
    }
    return context;
  }

  int written() {
    return writer.rows().size();
  }
}
