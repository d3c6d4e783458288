package io.batchflow.internal.write;

import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.batchflow.StaleKeysException;
import io.batchflow.WriteResult;
import io.batchflow.internal.lane.InFlightBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Writes a failed batch in slices, one after the other, until each row is written or known to be
 * bad.
 */
final class SplitWrite {

  private final InFlightBatch inFlight;
  private final RetryingWriter writer;
  private final FailureMeaning failures;
  private final Function<Schema, KeyEquality> equality;
  private final SliceEnds ends;
  private final SplitQueue slices;

  /**
   * Begins with nothing to write.
   *
   * @param equality returns the current rule by which the backend compares keys
   */
  SplitWrite(
      InFlightBatch inFlight,
      RetryingWriter writer,
      FailureMeaning failures,
      Function<Schema, KeyEquality> equality,
      SliceEnds ends) {
    this.inFlight = inFlight;
    this.writer = writer;
    this.failures = failures;
    this.equality = equality;
    this.ends = ends;
    this.slices = new SplitQueue(inFlight.size());
  }

  /** Uses a loop instead of recursion, since a thousand bad rows need thousands of slices. */
  Mono<Void> run() {
    return Mono.defer(() -> Mono.justOrEmpty(slices.next()).flatMap(this::write))
        .repeat(slices::hasNext)
        .then(Mono.fromRunnable(() -> slices.eachSuspect(ends::failed)));
  }

  private Mono<Void> write(BatchSlice slice) {
    return writer
        .write(slice)
        .doOnNext(result -> written(slice, result))
        .then()
        .onErrorResume(
            WriteFailure.class, failure -> Mono.fromRunnable(() -> failed(slice, failure)))
        .onErrorResume(StaleKeysException.class, stale -> Mono.fromRunnable(() -> sortAnew(slice)));
  }

  /** Sorts the open rows again after the rule for keys has changed. */
  SplitWrite sortAnew(BatchSlice slice) {
    slices.sortAnew(slice, equality.apply(inFlight.schema()));
    return this;
  }

  /** A slice was written, or some of its rows were. */
  SplitWrite written(BatchSlice slice, BatchResult result) {
    Search search = slices.searchFor(slice);
    if (slice.isEmpty()) {
      if (search != null) {
        searchOn(search);
      }
      return this;
    }
    WriteResult.Write write = ends.written(slice, result);
    slices.written();
    if (slice.isWhole() && result.rejected().isEmpty()) {
      inFlight.written(write);
      return this;
    }
    List<BatchSlice> again = endRows(slice, result, write);
    if (search != null) {
      slices.first(search.suspected());
    }
    slices.first(again);
    return this;
  }

  /** Returns the rows that must be written once more, each alone. */
  private List<BatchSlice> endRows(BatchSlice slice, BatchResult result, WriteResult.Write write) {
    boolean someRejected = !result.rejected().isEmpty();
    List<BatchSlice> again = new ArrayList<>(0);
    for (int i = slice.from; i < slice.to; i++) {
      int index = slice.indexInBatch(i);
      if (index < 0) {
        continue;
      }
      Throwable rejection = someRejected ? result.rejected().get(index) : null;
      if (rejection == null) {
        slice.end(i, write, result);
      } else if (failures.isWrittenApart(slice, index, rejection)) {
        again.add(slice.range(i, i + 1));
      } else {
        slice.end(i, failures.failure(rejection));
      }
    }
    return again;
  }

  /** A slice failed as a whole. */
  SplitWrite failed(BatchSlice slice, WriteFailure failure) {
    Search search = slices.searchFor(slice);
    FailureKind kind = failure.kind();
    if (kind.isOfRow()) {
      ends.blameRows(inFlight);
    }
    if (kind.isOfRow() || (FailureMeaning.isInconclusive(kind) && inFlight.rowsToBlame())) {
      rejected(slice, failure);
      if (search != null) {
        slices.first(search.suspected());
      }
    } else if (search != null) {
      failedAlone(search, slice, failure);
    } else if (FailureMeaning.isInconclusive(kind) && slice.liveRows() > 1) {
      ends.split(slice, failure);
      Search begun = new Search(slice, failure);
      slices.search(begun);
      searchOn(begun);
    } else {
      ends.failed(slice, failure);
    }
    return this;
  }

  /** A row of the slice is the cause: splits the slice, or marks its only row as a suspect. */
  private void rejected(BatchSlice slice, WriteFailure failure) {
    if (slice.liveRows() > 1) {
      ends.split(slice, failure);
      slices.first(Division.split(slice, failure.badRow()));
    } else {
      slices.suspect(slice, failure);
    }
  }

  /** A row that was written alone failed. */
  private void failedAlone(Search search, BatchSlice slice, WriteFailure failure) {
    if (!FailureMeaning.isInconclusive(failure.kind())) {
      ends.failed(slice, failure);
      boolean known = failure.kind() == FailureKind.UNUSABLE;
      endRest(search, known ? failure : search.failure());
      return;
    }
    slices.suspect(slice, failure);
    if (search.failedAlone()) {
      endRest(search, search.failure());
    } else {
      searchOn(search);
    }
  }

  private void searchOn(Search search) {
    BatchSlice next = search.next();
    if (next != null) {
      slices.first(List.of(next));
    } else {
      endRest(search, search.failure());
    }
  }

  private void endRest(Search search, WriteFailure failure) {
    BatchSlice rest = search.rest();
    if (rest != null) {
      ends.failed(rest, failure);
    }
  }
}
