package io.batchflow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * From a sealed batch to an end for each of its rows: {@link Attempts}, and a split where some row
 * is bad. One batch is one {@code Mono}, so plain operators do. Runs on the flow's scheduler: no
 * user code on the engine's thread, none on a driver's.
 */
final class WritePath {

  final LongAdder splits = new LongAdder();

  final DeadLetters letters;
  final Pulse pulse;

  private final Attempts attempts;
  private final SafeScheduler scheduler;
  private final Listeners listeners;
  private final Loop clock;
  private final Consumer<Event> events;

  WritePath(
      Settings settings,
      Loop clock,
      Listeners listeners,
      FlowLog log,
      Slots slots,
      Consumer<Event> events) {
    this.letters = new DeadLetters(settings, log);
    this.pulse = new Pulse(settings.scheduler, clock, log);
    this.scheduler = settings.scheduler;
    LostWrites lost = new LostWrites(settings, clock, log);
    this.attempts = new Attempts(settings, clock, listeners, pulse, lost, slots);
    this.listeners = listeners;
    this.clock = clock;
    this.events = events;
  }

  /** Writes a batch, never cancelled, and posts it once all its rows have ended. */
  void start(Delivery delivery) {
    Consumer<Throwable> broken = thrown -> broken(delivery, thrown);
    delivery.runsOn(scheduler.handling(broken));
    try {
      listeners.sealed(delivery);
      Mono.defer(() -> writeAll(delivery))
          .then(Mono.defer(() -> letters.keep(delivery)))
          .subscribe(
              nothing -> {}, failure -> finish(delivery, failure), () -> finish(delivery, null));
    } catch (Throwable thrown) {
      broken(delivery, thrown);
    }
  }

  /** An error got past all operators, so that nothing else will end the batch. */
  private void broken(Delivery delivery, Throwable thrown) {
    pulse.failed(delivery.lane(), FailureKind.UNKNOWN, thrown);
    finish(delivery, thrown);
  }

  /** Returns whether nothing of a batch was sent, and nothing will be. */
  boolean withdraw(Batch batch) {
    return attempts.withdraw(batch);
  }

  /** Returns how many writes were tried again. */
  long retries() {
    return attempts.retries.sum();
  }

  private void finish(Delivery delivery, @Nullable Throwable failure) {
    if (delivery.settle()) {
      try {
        delivery.endRest(failure);
      } finally {
        events.accept(delivery);
      }
    }
  }

  /** A loop, as each of a thousand bad rows may leave another part to write. */
  private Mono<Void> writeAll(Delivery delivery) {
    Parts parts = delivery.parts;
    parts.begin(delivery.whole(attempts.rule(delivery.schema())));
    return Mono.defer(() -> Mono.justOrEmpty(parts.next()).flatMap(this::write))
        .repeat(parts::hasNext)
        .then(Mono.fromRunnable(() -> parts.eachSuspect(this::end)));
  }

  private Mono<Void> write(Part part) {
    return attempts
        .write(part)
        .doOnNext(result -> written(part, result))
        .then()
        .onErrorResume(
            WriteFailure.class, failure -> Mono.fromRunnable(() -> failed(part, failure)))
        .onErrorResume(StaleKeysException.class, stale -> Mono.fromRunnable(() -> sortAnew(part)));
  }

  private void sortAnew(Part part) {
    part.delivery.parts.sortAnew(part, attempts.rule(part.delivery.schema()));
  }

  private void written(Part part, BatchResult result) {
    Search search = part.delivery.parts.searchFor(part);
    if (part.isEmpty()) {
      if (search != null) {
        searchOn(search, part.delivery);
      }
      return;
    }
    Parts parts = part.delivery.parts;
    if (result.refused().size() < part.batch().size()) {
      blameRows(part.delivery);
    }
    long now = clock.now();
    listeners.written(part.batch(), result, part.attempts, part.took(now));
    WriteResult.Write write = part.write(now);
    parts.written();
    if (part.isWhole() && result.refused().isEmpty()) {
      part.delivery.written(write);
      return;
    }
    boolean someRefused = !result.refused().isEmpty();
    List<Part> again = new ArrayList<>(0);
    for (int i = part.from; i < part.to; i++) {
      int request = part.requestOf(i);
      if (request < 0) {
        continue;
      }
      Throwable refusal = someRefused ? result.refused().get(request) : null;
      if (refusal == null) {
        part.end(i, write, result);
      } else if (attempts.isWrittenApart(part, request, refusal)) {
        again.add(part.range(i, i + 1));
      } else {
        part.end(i, new WriteFailure(attempts.classify(refusal), refusal));
      }
    }
    if (search != null) {
      parts.first(search.suspected());
    }
    parts.first(again);
  }

  private void failed(Part part, WriteFailure failure) {
    Parts parts = part.delivery.parts;
    Search search = parts.searchFor(part);
    FailureKind kind = failure.kind();
    if (kind == FailureKind.DATA) {
      blameRows(part.delivery);
    }
    if (kind == FailureKind.DATA || (kind.isOpen() && parts.rowsToBlame())) {
      refused(part, failure);
      if (search != null) {
        parts.first(search.suspected());
      }
    } else if (search != null) {
      failedAlone(search, part, failure);
    } else if (kind.isOpen() && part.liveRows() > 1) {
      split(part, failure);
      Search begun = new Search(part, failure);
      parts.search(begun);
      searchOn(begun, part.delivery);
    } else {
      if (kind == FailureKind.PERMANENT) {
        part.delivery.lane().failedAlone.incrementAndGet();
      }
      end(part, failure);
    }
  }

  /** Some row of a part is to blame: it is found, and ends. */
  private void refused(Part part, WriteFailure failure) {
    if (part.liveRows() > 1) {
      split(part, failure);
      part.delivery.parts.first(part.split(failure.badRow()));
    } else {
      part.delivery.parts.suspect(part, failure);
    }
  }

  /** A row failed alone as all rows did, or for a reason that is no row's. */
  private void failedAlone(Search search, Part part, WriteFailure failure) {
    if (!failure.kind().isOpen()) {
      end(part, failure);
      boolean known = failure.kind() == FailureKind.UNUSABLE;
      search.untold().forEach(rows -> end(rows, known ? failure : search.failure()));
      return;
    }
    if (part.liveRows() == 1) {
      part.delivery.parts.suspect(part, failure);
    }
    if (search.failedAlone(part)) {
      search.untold().forEach(rows -> end(rows, search.failure()));
    } else {
      searchOn(search, part.delivery);
    }
  }

  private void searchOn(Search search, Delivery delivery) {
    Part next = search.next();
    if (next != null) {
      delivery.parts.first(List.of(next));
    } else {
      search.untold().forEach(part -> end(part, search.failure()));
    }
  }

  private void split(Part part, WriteFailure failure) {
    part.lasting |= failure.kind() == FailureKind.CONTENTION;
    splits.increment();
    listeners.split(part.batch(), failure.reason());
  }

  private static void blameRows(Delivery delivery) {
    delivery.parts.blameRows();
    AtomicInteger failedAlone = delivery.lane().failedAlone;
    if (failedAlone.get() > 0) {
      failedAlone.set(0);
    }
  }

  private void end(Part part, WriteFailure failure) {
    if (part.unsent() == null) {
      return; // no row is without an end
    }
    boolean tables = failure.kind() == FailureKind.PERMANENT && !part.delivery.parts.rowsToBlame();
    if (tables) {
      pulse.failed(part.delivery.lane(), failure.kind(), failure.reason());
    }
    listeners.failed(part.batch(), part.errorOf(failure), part.attempts, part.took(clock.now()));
    for (int i = part.from; i < part.to; i++) {
      part.end(i, failure);
    }
  }
}
