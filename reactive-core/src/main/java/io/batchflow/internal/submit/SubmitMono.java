package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
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

  private final Submitter submitter;
  private final Row row;
  private final CallOptions options;

  SubmitMono(Submitter submitter, Row row, CallOptions options) {
    this.submitter = submitter;
    this.row = row;
    this.options = options;
  }

  /**
   * Freezes a row and returns its submission, or the error of an invalid row.
   *
   * @throws InvalidRowException if the row is null
   */
  public static Mono<WriteResult> of(Submitter submitter, @Nullable Row row) {
    if (row == null) {
      throw new InvalidRowException("?", null, "the row is null", "Create rows with Schema.row()");
    }
    return of(submitter, RowSource.ROWS, row, CallOptions.NONE);
  }

  /**
   * Makes a unit of rows and returns its submission, or the error of an invalid unit.
   *
   * @throws io.batchflow.InvalidConfigurationException if the writer does not support units
   */
  public static Mono<WriteResult> ofUnit(Submitter submitter, List<? extends Row> rows) {
    submitter.checkUnits();
    return of(submitter, RowSource.UNITS, rows, CallOptions.NONE);
  }

  /** Makes and freezes the row of a value and returns its submission, or the error of the row. */
  static <T> Mono<WriteResult> of(
      Submitter submitter, RowSource<? super T> source, T value, CallOptions options) {
    Row row = source.row(value);
    try {
      source.fill(value, row);
      return onAssembly(new SubmitMono(submitter, row.freeze(), options));
    } catch (InvalidRowException invalid) {
      submitter.turnedAway(row, invalid, Context::empty);
      return Mono.error(invalid);
    }
  }

  @Override
  public void subscribe(CoreSubscriber<? super WriteResult> actual) {
    if (submitter.admission.isClosed()) {
      FlowClosedException closed = submitter.refusals.closed(row.schema());
      submitter.turnedAway(row, closed, actual::currentContext);
      Operators.error(actual, closed);
    } else {
      actual.onSubscribe(new Single(this, actual));
    }
  }

  /** Starts at the first request, so that its result never waits for demand. */
  static final class Single extends Submission implements Subscription {

    /** What all of its submissions share: each field of a waiting row counts. */
    private final SubmitMono source;

    private final CoreSubscriber<? super WriteResult> actual;

    Single(SubmitMono source, CoreSubscriber<? super WriteResult> actual) {
      super(source.row, NEW);
      this.source = source;
      this.actual = actual;
    }

    CallOptions options() {
      return source.options;
    }

    @Override
    public int deliveryMillis() {
      return source.options.deliveryMillis();
    }

    @Override
    public CoreSubscriber<?> caller() {
      return actual;
    }

    @Override
    public void request(long n) {
      if (Operators.validate(n) && move(NEW, QUEUED)) {
        source.submitter.admit(this);
      }
    }

    @Override
    public void cancel() {
      if (move(NEW, WITHDRAWN)) {
        return;
      }
      if (move(QUEUED, WITHDRAWN)) {
        source.submitter.post(new Withdrawal(this));
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
