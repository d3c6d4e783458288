package io.batchflow.kafka.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.jspecify.annotations.Nullable;

/**
 * Reports records that cannot be stored. An offset passes when the broker has the letter. Any
 * thread may add a record; the thread of the task does the rest.
 */
final class ErrantRecords {

  private record Errant(OpenRecord record, Throwable reason) {}

  private record Reported(OpenRecord record, Future<Void> kept) {}

  private final @Nullable ErrantRecordReporter reporter;
  private final Queue<Errant> errant = new ConcurrentLinkedQueue<>();
  private List<Reported> reported = new ArrayList<>();

  ErrantRecords(@Nullable ErrantRecordReporter reporter) {
    this.reporter = reporter;
  }

  void add(OpenRecord record, Throwable reason) {
    errant.add(new Errant(record, reason));
  }

  /**
   * Reports what was added.
   *
   * @param kept takes each record whose letter the broker has by now
   * @param dropped takes each record that another task reads by now
   * @throws ConnectException if a record cannot be reported
   */
  void settle(Consumer<OpenRecord> kept, Consumer<OpenRecord> dropped) {
    for (Errant next; (next = errant.poll()) != null; ) {
      if (next.record.partition().givenUp) {
        dropped.accept(next.record);
      } else {
        reported.add(report(next));
      }
    }
    List<Reported> waiting = new ArrayList<>();
    for (Reported each : reported) {
      if (each.kept.isDone()) {
        check(each);
        kept.accept(each.record);
      } else {
        waiting.add(each);
      }
    }
    reported = waiting;
  }

  private Reported report(Errant errant) {
    if (reporter == null) {
      throw new ConnectException(
          "The record of "
              + errant.record
              + " cannot be stored. Correct the table or the record, or set errors.tolerance=all"
              + " and errors.deadletterqueue.topic.name",
          errant.reason);
    }
    return new Reported(errant.record, reporter.report(errant.record.record(), errant.reason));
  }

  private static void check(Reported reported) {
    try {
      reported.kept.get();
    } catch (ExecutionException failure) {
      throw new ConnectException(
          "The errant record of " + reported.record + " could not be kept", failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ConnectException("The task was interrupted", interrupted);
    }
  }
}
