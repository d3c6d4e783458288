package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
import io.batchflow.Overflow;
import io.batchflow.Row;
import io.batchflow.WriteResult;
import io.batchflow.internal.lane.Submission;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * {@link io.batchflow.BatchFlow#submit BatchFlow.submit}: each subscription is one {@link
 * Submission}.
 */
public final class SubmitMono extends Mono<WriteResult> {

  private final Entry entry;
  private final Row row;
  private final @Nullable InvalidRowException invalid;

  private SubmitMono(Entry entry, Row row, @Nullable InvalidRowException invalid) {
    this.entry = entry;
    this.row = row;
    this.invalid = invalid;
  }

  /**
   * Freezes a row and returns its submission, or the error of an invalid row.
   *
   * @throws InvalidRowException if the row is null
   */
  public static Mono<WriteResult> of(Entry entry, @Nullable Row row) {
    if (row == null) {
      throw new InvalidRowException("?", null, "the row is null", "Create rows with Schema.row()");
    }
    return of(entry, RowSource.ROWS, row);
  }

  /**
   * Makes a unit of rows and returns its submission, or the error of an invalid unit.
   *
   * @throws io.batchflow.InvalidConfigurationException if the writer does not support units
   */
  public static Mono<WriteResult> ofUnit(Entry entry, List<? extends Row> rows) {
    entry.submitter().checkUnits();
    return of(entry, RowSource.UNITS, rows);
  }

  /** Makes and freezes the row of a value and returns its submission, or the error of the row. */
  static <T> Mono<WriteResult> of(Entry entry, RowSource<? super T> source, T value) {
    Row row = source.row(value);
    InvalidRowException invalid = null;
    try {
      source.fill(value, row);
      row.freeze();
    } catch (InvalidRowException thrown) {
      entry.submitter().turnedAway(row, thrown, Context::empty);
      invalid = thrown;
    }
    // One type whatever happens: the compiler then often allocates none.
    return onAssembly(new SubmitMono(entry, row, invalid));
  }

  @Override
  public void subscribe(CoreSubscriber<? super WriteResult> actual) {
    Submitter submitter = entry.submitter();
    if (invalid != null) {
      Operators.error(actual, invalid);
    } else if (submitter.admission.isClosed()) {
      FlowClosedException closed = submitter.refusals.closed(row.schema());
      submitter.turnedAway(row, closed, actual::currentContext);
      Operators.error(actual, closed);
    } else {
      actual.onSubscribe(new Single(entry, row, actual));
    }
  }

  /** Starts at the first request, so that its result never waits for demand. */
  static final class Single extends Submission implements Subscription {

    private final Entry entry;
    private final CoreSubscriber<? super WriteResult> actual;

    Single(Entry entry, Row row, CoreSubscriber<? super WriteResult> actual) {
      super(row, NEW);
      this.entry = entry;
      this.actual = actual;
    }

    /** Returns what the caller has chosen; null for the choice of the policy. */
    @Nullable Overflow overflow() {
      return entry.overflow();
    }

    @Override
    public int deliveryMillis() {
      return entry.deliveryMillis();
    }

    @Override
    public CoreSubscriber<?> caller() {
      return actual;
    }

    @Override
    public void request(long n) {
      if (Operators.validate(n) && move(NEW, QUEUED)) {
        entry.submitter().admit(this);
      }
    }

    @Override
    public void cancel() {
      if (move(NEW, WITHDRAWN)) {
        return;
      }
      if (move(QUEUED, WITHDRAWN)) {
        entry.submitter().post(new Withdrawal(this));
      } else {
        move(SEALED, DETACHED);
      }
    }

    @Override
    public void tell(long sealedAt) {
      if (!move(SEALED, DONE)) {
        return;
      }
      BatchFlowException error = error();
      if (error != null) {
        actual.onError(error);
      } else {
        actual.onNext(new WriteResult(write(), queuedNanos(sealedAt)));
        actual.onComplete();
      }
    }

    /** Ends a submission that was not admitted, on the thread that started it. */
    void turnAway(BatchFlowException reason) {
      if (move(QUEUED, DONE)) {
        actual.onError(reason);
      }
    }
  }
}
