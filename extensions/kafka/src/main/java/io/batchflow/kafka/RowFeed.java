package io.batchflow.kafka;

import io.batchflow.BatchFlow;
import io.batchflow.Row;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;

/**
 * Turns records into rows and feeds them to the flow. It holds rows that the flow has not requested
 * yet; the consumer bounds their number. Used by the thread of the consumer, except for outcomes.
 */
final class RowFeed implements Feed {

  private final BatchFlow flow;
  private final RecordMapping<?, ?> mapping;
  private final RecordEnds ends;
  private final Sinks.Many<Row> rows = Sinks.many().unicast().onBackpressureBuffer();
  private final Disposable stream;
  private volatile boolean over;

  RowFeed(BatchFlow flow, RecordMapping<?, ?> mapping, RecordEnds ends) {
    this.flow = flow;
    this.mapping = mapping;
    this.ends = ends;
    this.stream =
        flow.submitAll(rows.asFlux().filter(RowFeed::isWanted))
            .subscribe(ends::ended, this::failed, () -> over = true);
  }

  private void failed(Throwable failure) {
    over = true;
    ends.fail(KafkaIngestException.of("The flow takes no more rows", failure));
  }

  @Override
  public boolean isOver() {
    return over;
  }

  @Override
  public void submit(OffsetRecord open) {
    add(open);
  }

  void add(OpenRecord open) {
    Row row;
    try {
      row = mapping.fresh(open.record());
    } catch (RuntimeException failure) {
      ends.keep(open, failure, open::end);
      return;
    }
    if (row == null) {
      open.end(RecordEnd.STORED);
    } else if (rows.tryEmitNext(row.tag(open)).isFailure()) {
      open.end(RecordEnd.OPEN); // the flow has ended, and so will the ingest
    }
  }

  /** Withholds what the flow has not seen of a partition that another member reads by now. */
  private static boolean isWanted(Row row) {
    if (row.tag() instanceof OpenRecord open && open.isGivenUp()) {
      open.end(RecordEnd.OPEN);
      return false;
    }
    return true;
  }

  @Override
  public void hurry() {
    flow.flush().onErrorComplete().subscribe();
  }

  @Override
  public void close() {
    rows.tryEmitComplete();
    stream.dispose();
    over = true;
  }
}
