package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriteException;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Request;
import io.batchflow.RequestExpiredException;
import io.batchflow.RequestRejectedException;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.WriteResult;
import io.batchflow.internal.key.KeyedRows;
import io.batchflow.internal.lane.Delivery;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.lane.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.util.context.ContextView;

/**
 * A range of a delivery's rows that is written as one batch: the whole of it at first, a half after
 * a split. Rows of one key are merged, rows past their deadline left out. Used by one attempt after
 * the other, never by two at once.
 */
final class Part {

  private static final int LEFT_OUT = -1;

  /** Instead of two halves where each failure may take as long as a statement timeout. */
  private static final int MANY = 16;

  final Delivery delivery;
  final int from;
  final int to;

  /** When the first attempt began. */
  long startedAt;

  /** How often it was sent. */
  int attempts;

  /** Whether an attempt may have been applied without our knowing. */
  boolean ambiguous;

  /** Whether it comes of a batch that met {@link FailureKind#CONTENTION} to its last attempt. */
  boolean lasting;

  /** The attempt that may still be applied, as far as is known. */
  LostWrites.@Nullable LostWrite lost;

  /** Whether an attempt may be applied at any later time, so that no row of it is repeated. */
  boolean mayComeLate;

  private final KeyedRows<Submission> sorted;
  private final Submission[] rows;

  /**
   * The position of each row's request in the batch; a new one for each batch that is assembled.
   */
  private int[] requestOf = {};

  private int liveRows;
  private int lastWritten = LEFT_OUT;
  private boolean stale = true;
  private @Nullable Batch batch;

  Part(Delivery delivery, KeyedRows<Submission> sorted, int from, int to) {
    this.delivery = delivery;
    this.sorted = sorted;
    this.rows = sorted.rows;
    this.from = from;
    this.to = to;
  }

  /** Returns all rows of a delivery, as a rule sorts them. */
  static Part whole(Delivery delivery, KeyEquality equality) {
    return sorted(delivery, equality, delivery.rows());
  }

  /** Returns those of a delivery's rows, as another rule sorts them. */
  static Part anew(Delivery delivery, KeyEquality equality, Set<Submission> some) {
    Submission[] left =
        Stream.of(delivery.rows()).filter(some::contains).toArray(Submission[]::new);
    return sorted(delivery, equality, left);
  }

  private static Part sorted(Delivery delivery, KeyEquality equality, Submission[] rows) {
    KeyedRows<Submission> sorted = KeyedRows.of(equality, rows, row -> row.request);
    return new Part(delivery, sorted, 0, rows.length);
  }

  /** Prepares the next attempt. Returns its batch; null if no row is left to send. */
  @Nullable Batch prepare(long now) {
    stale |= dropExpired(now);
    refresh();
    batch = batch == null ? null : batch.on(attempts + 1, contexts());
    return batch;
  }

  /** Returns the batch that ends, if this part was never sent itself; null if no row is left. */
  @Nullable Batch unsent() {
    if (stale) {
      refresh();
      batch = batch == null ? null : batch.on(attempts, contexts());
    }
    return batch;
  }

  private void refresh() {
    if (stale) {
      batch = assemble();
      lastWritten = LEFT_OUT;
      stale = false;
    }
  }

  private Supplier<Stream<ContextView>> contexts() {
    int[] carried = requestOf;
    return () ->
        IntStream.range(0, carried.length)
            .filter(row -> carried[row] != LEFT_OUT)
            .mapToObj(row -> rows[from + row].caller())
            .distinct()
            .map(CoreSubscriber::currentContext);
  }

  /** Has the next attempt carry only the rows that have no end yet. */
  void reassemble() {
    stale = true;
  }

  private boolean dropExpired(long now) {
    Lane lane = delivery.lane();
    boolean dropped = false;
    for (int i = from; lane.expires() && i < to; i++) {
      Submission row = rows[i];
      if (!row.hasEnded() && lane.isExpired(row, now)) {
        row.end(expiry(lane));
        dropped = true;
      }
    }
    return dropped;
  }

  private BatchFlowException expiry(Lane lane) {
    RequestExpiredException expired = lane.expiry();
    return ambiguous ? UnknownOutcomeException.noVerdict(lane.schema.table(), expired) : expired;
  }

  private @Nullable Batch assemble() {
    Schema schema = delivery.schema();
    List<Request> requests = new ArrayList<>(to - from);
    int last = LEFT_OUT;
    liveRows = 0;
    requestOf = new int[to - from];
    for (int i = from; i < to; i++) {
      Submission row = rows[i];
      if (row.hasEnded()) {
        requestOf[i - from] = LEFT_OUT;
        continue;
      }
      int index = requests.size() - 1;
      if (last != LEFT_OUT && sorted.merge(last, i)) {
        requests.set(index, requests.get(index).mergedWith(row.request));
      } else {
        requests.add(row.request);
        index++;
      }
      requestOf[i - from] = index;
      liveRows++;
      last = i;
    }
    return requests.isEmpty()
        ? null
        : Batch.assembled(
            schema,
            requests,
            delivery.lane().policy.rowVerdicts(),
            sorted.equality,
            sorted.areDistinct());
  }

  /** Returns the rule that its rows are merged by. */
  KeyEquality equality() {
    return sorted.equality;
  }

  /** Whether its rows may be one row to the backend, so that they must be written in order. */
  boolean keepsOrder() {
    return sorted.keepOrder();
  }

  /** Returns the rows that have no end yet. */
  Stream<Submission> open() {
    return IntStream.range(from, to).mapToObj(i -> rows[i]).filter(row -> !row.hasEnded());
  }

  /** Whether all rows ended before they could be sent. */
  boolean isEmpty() {
    return batch == null;
  }

  Batch batch() {
    return Objects.requireNonNull(batch, "batch");
  }

  /** Whether its batch carries every row of the delivery, each by itself and for the same end. */
  boolean isWhole() {
    return batch().size() == delivery.size() && !batch().rowVerdicts();
  }

  /** Returns the position in the batch of the request that carries a row, or -1 if none does. */
  int requestOf(int row) {
    return requestOf[row - from];
  }

  Submission row(int row) {
    return rows[row];
  }

  /** Returns how many rows the batch carries, before merging. */
  int liveRows() {
    return liveRows;
  }

  /** Returns the time since the first attempt. */
  Duration took(long now) {
    return Duration.ofNanos(Math.max(0, now - startedAt));
  }

  /** Returns what the rows that were written just now have in common. */
  WriteResult.Write write(long now) {
    long nanos = Math.max(0, now - delivery.sealedAt);
    return new WriteResult.Write(batch().size(), attempts, nanos, RowVerdict.WRITTEN);
  }

  /** Ends a row that was written, unless it has an end; one that travelled in another is merged. */
  void end(int row, WriteResult.Write write, BatchResult result) {
    if (requestOf(row) == lastWritten) {
      delivery.merged(1);
    }
    lastWritten = requestOf(row);
    rows[row].end(batch().rowVerdicts() ? write.with(verdictOf(row, result.verdicts())) : write);
  }

  /** Ends a row that was not written, unless it has an end. */
  void end(int row, WriteFailure failure) {
    rows[row].end(errorOf(failure));
  }

  /**
   * Returns what callers are told of a failure. What is refused now may have been applied by an
   * earlier attempt whose verdict was lost.
   */
  BatchFlowException errorOf(WriteFailure failure) {
    String table = delivery.schema().table();
    if (ambiguous || failure.kind() == FailureKind.UNKNOWN) {
      return UnknownOutcomeException.noVerdict(table, failure.reason());
    }
    boolean own =
        failure.kind() == FailureKind.DATA
            || (failure.kind() == FailureKind.PERMANENT && delivery.rowsToBlame());
    return own
        ? new RequestRejectedException(table, attempts, failure.reason())
        : new BatchWriteException(table, batch().size(), attempts, failure.reason());
  }

  /** Returns whether a request stands for several rows. */
  boolean isShared(int request) {
    return Arrays.stream(requestOf).filter(of -> of == request).limit(2).count() > 1;
  }

  /**
   * Returns what a row of the batch did, of which the carrier of a shared request has the backend's
   * word: the first where the strategy keeps the first, else the last.
   */
  RowVerdict verdictOf(int row, List<RowVerdict> verdicts) {
    boolean keepsFirst = delivery.schema().onConflict() == ConflictStrategy.IGNORE;
    int step = keepsFirst ? -1 : 1;
    int next = row + step;
    while (next >= from && next < to && requestOf(next) == LEFT_OUT) {
      next += step;
    }
    if (next >= from && next < to && requestOf(next) == requestOf(row)) {
      return keepsFirst ? RowVerdict.IGNORED : RowVerdict.MERGED;
    }
    RowVerdict told = verdicts.isEmpty() ? RowVerdict.WRITTEN : verdicts.get(requestOf(row));
    // What was there may be this very row, by an attempt whose verdict was lost.
    return ambiguous && told != RowVerdict.INSERTED ? RowVerdict.WRITTEN : told;
  }

  /**
   * Whether a row that may have the same key stands behind the last, and would be undone by a later
   * write of this one.
   */
  boolean isFollowedBySameKey() {
    return to < rows.length && sorted.mayMeet(to - 1, to);
  }

  /** Returns the rows of some parts of one delivery, in their order, as one part. */
  static Part together(List<Part> parts) {
    Part any = parts.get(0);
    List<KeyedRows<Submission>> ranges =
        parts.stream().map(part -> part.sorted.range(part.from, part.to)).toList();
    KeyedRows<Submission> rows = KeyedRows.together(ranges);
    return new Part(any.delivery, rows, 0, rows.rows.length);
  }

  Part range(int from, int to) {
    return new Part(delivery, sorted, from, to).after(this);
  }

  private Part after(Part failed) {
    ambiguous = failed.ambiguous;
    lasting = failed.lasting;
    mayComeLate = failed.mayComeLate;
    return this;
  }

  /** Returns a row that has no end, the first from a place on; -1 if there is none. */
  int liveRow(double place) {
    int start = from + (int) (place * (to - from));
    for (int i = 0; i < to - from; i++) {
      int row = start + i < to ? start + i : start + i - (to - from);
      if (!rows[row].hasEnded()) {
        return row;
      }
    }
    return -1;
  }

  /** Returns the rows that travel in one request with a row, as a part of their own. */
  Part mergedWith(int row) {
    int first = row;
    while (first > from && sorted.merge(first - 1, first)) {
      first--;
    }
    int next = row + 1;
    while (next < to && sorted.merge(next - 1, next)) {
      next++;
    }
    return range(first, next);
  }

  /** Returns all other rows of this part, as it failed; null if there is none. */
  @Nullable Part without(Part taken) {
    Part rest;
    if (taken.from == from) {
      rest = range(taken.to, to);
    } else if (taken.to == to) {
      rest = range(from, taken.from);
    } else {
      rest = together(List.of(range(from, taken.from), range(taken.to, to))).after(this);
    }
    rest.attempts = attempts;
    rest.startedAt = startedAt;
    return rest.from == rest.to ? null : rest;
  }

  /** Returns the parts to write instead of this one, in which some row is bad. */
  List<Part> halves() {
    int count = Math.min(lasting ? MANY : 2, to - from);
    int size = (to - from + count - 1) / count;
    List<Part> halves = new ArrayList<>(count);
    for (int i = from; i < to; i += size) {
      halves.add(range(i, Math.min(i + size, to)));
    }
    return halves;
  }

  /**
   * Returns the parts to write instead of this one, which some row has made fail: halves, or all
   * but the row that is named, and then that row. A row with a later row of its key behind it is
   * written in its place.
   *
   * @param badRow the position in the batch of the row that is to blame; -1 where none is named
   */
  List<Part> split(int badRow) {
    int first = from;
    while (first < to && requestOf(first) != badRow) {
      first++;
    }
    int next = first;
    while (next < to && requestOf(next) == badRow) {
      next++;
    }
    boolean named = badRow != LEFT_OUT && first < next && next - first < to - from;
    if (!named) {
      return halves();
    }
    Part bad = range(first, next);
    if (bad.isFollowedBySameKey()) {
      return Stream.of(range(from, first), bad, range(next, to))
          .filter(part -> part.from < part.to)
          .toList();
    }
    Part rest = together(List.of(range(from, first), range(next, to))).after(this);
    return List.of(rest, bad);
  }
}
