package io.batchflow.internal;

import io.batchflow.BatchWriter;
import io.batchflow.internal.log.FlowLog;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.write.GuardedMono;
import io.batchflow.internal.write.WritePath;
import io.batchflow.stats.Ledger;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The last steps of a close, after every row has ended: closes the writer and stops the engine. */
final class FlowEnd {

  private final BatchWriter writer;
  private final WritePath path;
  private final FlowLog log;
  private final EventLoop loop;
  private final Supplier<Ledger> ledger;
  private final AtomicBoolean closesWriter = new AtomicBoolean();

  /**
   * @param ledger supplies the ledger of all tables, for the last line of the log
   */
  FlowEnd(
      BatchWriter writer, WritePath path, FlowLog log, EventLoop loop, Supplier<Ledger> ledger) {
    this.writer = writer;
    this.path = path;
    this.log = log;
    this.loop = loop;
    this.ledger = ledger;
  }

  /** Closes the writer once. Calls back with its failure, or null. */
  void closeWriter(Consumer<@Nullable Throwable> closed) {
    if (closesWriter.compareAndSet(false, true)) {
      GuardedMono.guarded(writer::close)
          .subscribe(nothing -> {}, closed, () -> closed.accept(null));
    }
  }

  void logRowsLeft(int rows) {
    log.closedAtDeadline(rows);
  }

  void logClosed(@Nullable Throwable writerFailure) {
    if (writerFailure != null) {
      log.writerNotClosed(writerFailure);
    }
    log.closed(ledger.get());
  }

  void stop() {
    path.close();
    loop.stop();
  }
}
