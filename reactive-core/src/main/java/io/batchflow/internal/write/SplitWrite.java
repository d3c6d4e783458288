package io.batchflow.internal.write;

import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.batchflow.StaleKeysException;
import io.batchflow.WriteResult;
import io.batchflow.internal.lane.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * What becomes of a batch that was not written whole: it is written in parts until each row is
 * written or known to be bad. Parts are written one after the other.
 */
final class SplitWrite {

  private final Delivery delivery;
  private final Attempts attempts;
  private final FailureMeaning failures;
  private final Function<Schema, KeyEquality> equality;
  private final PartEnds ends;
  private final Parts parts;

  /**
   * Begins with nothing to write.
   *
   * @param equality tells how the backend compares keys now
   */
  SplitWrite(
      Delivery delivery,
      Attempts attempts,
      FailureMeaning failures,
      Function<Schema, KeyEquality> equality,
      PartEnds ends) {
    this.delivery = delivery;
    this.attempts = attempts;
    this.failures = failures;
    this.equality = equality;
    this.ends = ends;
    this.parts = new Parts(delivery.size());
  }

  /** A loop, as each of a thousand bad rows may leave another part to write. */
  Mono<Void> run() {
    return Mono.defer(() -> Mono.justOrEmpty(parts.next()).flatMap(this::write))
        .repeat(parts::hasNext)
        .then(Mono.fromRunnable(() -> parts.eachSuspect(ends::failed)));
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

  /** The rule of the keys has changed: what was not sent is sorted by the new one. */
  SplitWrite sortAnew(Part part) {
    parts.sortAnew(part, equality.apply(delivery.schema()));
    return this;
  }

  /** A part was written, or some of its rows were. */
  SplitWrite written(Part part, BatchResult result) {
    Search search = parts.searchFor(part);
    if (part.isEmpty()) {
      if (search != null) {
        searchOn(search);
      }
      return this;
    }
    WriteResult.Write write = ends.written(part, result);
    parts.written();
    if (part.isWhole() && result.refused().isEmpty()) {
      delivery.written(write);
      return this;
    }
    List<Part> again = endRows(part, result, write);
    if (search != null) {
      parts.first(search.suspected());
    }
    parts.first(again);
    return this;
  }

  /** Returns the rows that are written once more, each by itself. */
  private List<Part> endRows(Part part, BatchResult result, WriteResult.Write write) {
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
        part.end(i, new WriteFailure(failures.of(refusal), refusal));
      }
    }
    return again;
  }

  /** A part failed as a whole. */
  SplitWrite failed(Part part, WriteFailure failure) {
    Search search = parts.searchFor(part);
    FailureKind kind = failure.kind();
    if (kind == FailureKind.DATA) {
      ends.blameRows(delivery);
    }
    if (kind == FailureKind.DATA || (FailureMeaning.isOpen(kind) && delivery.rowsToBlame())) {
      refused(part, failure);
      if (search != null) {
        parts.first(search.suspected());
      }
    } else if (search != null) {
      failedAlone(search, part, failure);
    } else if (FailureMeaning.isOpen(kind) && part.liveRows() > 1) {
      ends.split(part, failure);
      Search begun = new Search(part, failure);
      parts.search(begun);
      searchOn(begun);
    } else {
      if (kind == FailureKind.PERMANENT) {
        delivery.lane().failedAlone.incrementAndGet();
      }
      ends.failed(part, failure);
    }
    return this;
  }

  /** Some row of a part is to blame: it is found, and ends. */
  private void refused(Part part, WriteFailure failure) {
    if (part.liveRows() > 1) {
      ends.split(part, failure);
      parts.first(Division.split(part, failure.badRow()));
    } else {
      parts.suspect(part, failure);
    }
  }

  /** A row failed alone as all rows did, or for a reason that is no row's. */
  private void failedAlone(Search search, Part part, WriteFailure failure) {
    if (!FailureMeaning.isOpen(failure.kind())) {
      ends.failed(part, failure);
      boolean known = failure.kind() == FailureKind.UNUSABLE;
      search.untold().forEach(rows -> ends.failed(rows, known ? failure : search.failure()));
      return;
    }
    if (part.liveRows() == 1) {
      parts.suspect(part, failure);
    }
    if (search.failedAlone(part)) {
      search.untold().forEach(rows -> ends.failed(rows, search.failure()));
    } else {
      searchOn(search);
    }
  }

  private void searchOn(Search search) {
    Part next = search.next();
    if (next != null) {
      parts.first(List.of(next));
    } else {
      search.untold().forEach(part -> ends.failed(part, search.failure()));
    }
  }
}
