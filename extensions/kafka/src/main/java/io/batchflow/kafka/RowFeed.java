package io.batchflow.kafka;

import io.batchflow.Row;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;

/**
 * Turns records into rows and feeds them to the flow. It holds rows that the flow has not requested
 * yet; the consumer bounds their number. Used by the thread of the consumer, except for outcomes.
 */
final class RowFeed {

  private final IngestConfig config;
  private final RecordEnds ends;
  private final Sinks.Many<Row> rows = Sinks.many().unicast().onBackpressureBuffer();
  private @Nullable Disposable stream;
  private volatile boolean over;

  RowFeed(IngestConfig config, RecordEnds ends) {
    this.config = config;
    this.ends = ends;
  }

  void open() {
    stream =
        config
            .flow
            .submitAll(rows.asFlux().filter(RowFeed::isWanted))
            .subscribe(ends::ended, this::failed, () -> over = true);
  }

  private void failed(Throwable failure) {
    over = true;
    ends.fail(KafkaIngestException.of("The flow takes no more rows", failure));
  }

  /** Returns whether no further outcome will come. */
  boolean isOver() {
    return over;
  }

  void submit(OpenRecord open) {
    Row row;
    try {
      row = fresh(config.mapping.map(open.record()));
    } catch (RuntimeException failure) {
      ends.notMapped(open, failure);
      return;
    }
    if (row == null) {
      open.end(RecordEnd.STORED);
    } else if (rows.tryEmitNext(row.tag(open)).isFailure()) {
      open.end(RecordEnd.OPEN); // the flow has ended, and so will the ingest
    }
  }

  private static @Nullable Row fresh(@Nullable Row row) {
    if (row != null && row.tag() instanceof OpenRecord) {
      throw new IllegalStateException("The mapper returned the row of an earlier record");
    }
    return row;
  }

  /** Withholds what the flow has not seen of a partition that another member reads by now. */
  private static boolean isWanted(Row row) {
    if (row.tag() instanceof OpenRecord open && open.isGivenUp()) {
      open.end(RecordEnd.OPEN);
      return false;
    }
    return true;
  }

  /** Asks the flow to send what waits in its windows. */
  void hurry() {
    config.flow.flush().onErrorComplete().subscribe();
  }

  /** Withdraws what the flow has not sent yet. */
  void close() {
    rows.tryEmitComplete();
    Objects.requireNonNull(stream).dispose();
    over = true;
  }
}
