package io.batchflow.coalesce;

import io.batchflow.BatchResult;
import io.batchflow.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The calls of one batch, as the handler gets them, and the row or rows of each. Immutable. */
final class CallBatch<C> {

  /** The column of a row that holds its call. */
  static final String CALL = "call";

  /** The value of a row that holds its reply. */
  static final String REPLY = "reply";

  private final List<C> calls;

  /** For each row, the position of its call. */
  private final int[] callOf;

  private CallBatch(List<C> calls, int[] callOf) {
    this.calls = Collections.unmodifiableList(calls);
    this.callOf = callOf;
  }

  /**
   * Reads the calls of rows.
   *
   * @param shares whether equal calls become one
   */
  static <C> CallBatch<C> of(List<Row> rows, boolean shares) {
    List<C> calls = new ArrayList<>(rows.size());
    int[] callOf = new int[rows.size()];
    Map<C, Integer> known = new HashMap<>();
    for (int row = 0; row < callOf.length; row++) {
      @SuppressWarnings("unchecked") // the coalescer makes the rows
      C call = (C) Objects.requireNonNull(rows.get(row).value(0), CALL);
      Integer same = shares ? known.putIfAbsent(call, calls.size()) : null;
      callOf[row] = same == null ? calls.size() : same;
      if (same == null) {
        calls.add(call);
      }
    }
    return new CallBatch<>(calls, callOf);
  }

  List<C> calls() {
    return calls;
  }

  /** Returns the result of the rows. Failed replies and missing ones reject their rows alone. */
  <R> BatchResult result(List<? extends @Nullable Reply<R>> replies) {
    boolean complete = replies.size() == calls.size();
    Map<Integer, Throwable> failures = new HashMap<>();
    List<Map<String, @Nullable Object>> values = new ArrayList<>(callOf.length);
    for (int row = 0; row < callOf.length; row++) {
      Reply<R> reply = complete ? replies.get(callOf[row]) : null;
      Throwable failure = reply == null ? missing(replies.size()) : reply.failure();
      if (failure != null) {
        failures.put(row, failure);
      }
      values.add(failure == null && reply != null ? Map.of(REPLY, reply) : Map.of());
    }
    return BatchResult.partly(callOf.length - failures.size(), failures).withValues(values);
  }

  private MissingReplyException missing(int replies) {
    return replies == calls.size()
        ? MissingReplyException.toOneCall()
        : MissingReplyException.ofOthers(replies, calls.size());
  }
}
