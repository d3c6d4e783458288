package io.batchflow.micrometer;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.micrometer.observation.Observation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to write a batch, for handlers and conventions of Observations. It never holds the
 * backend's error message, which may quote values of a row.
 */
public final class BatchWriteContext extends Observation.Context {

  /** The error type of a write that was cancelled at its deadline. */
  private static final String TIMEOUT = "timeout";

  /** OpenTelemetry's value for an error without a type. */
  private static final String OTHER = "_OTHER";

  private static final String UNKNOWN = "unknown";

  private final Batch batch;
  private final BatchWriter writer;
  private @Nullable String outcome;
  private @Nullable String statusCode;
  private @Nullable String errorType;

  BatchWriteContext(Batch batch, BatchWriter writer) {
    this.batch = batch;
    this.writer = writer;
  }

  /** Returns the batch that is written. */
  public Batch batch() {
    return batch;
  }

  /** Returns OpenTelemetry's name of the backend: see {@link BatchWriter#system()}. */
  public String system() {
    return writer.system();
  }

  /**
   * Returns the result: {@code written}, {@code partly_written} if the backend rejected rows one by
   * one, else the {@linkplain io.batchflow.FailureKind kind} of the failure in lower case, by the
   * writer's own classifier; null before the end.
   */
  public @Nullable String outcome() {
    return outcome;
  }

  /** Returns the backend's code of the failure; null if there is none. */
  public @Nullable String statusCode() {
    return statusCode;
  }

  /**
   * Returns the type of the error: the backend's code, else the name of the exception's class, or
   * {@code timeout} for a write that was cancelled at its deadline; null if there is no error.
   */
  public @Nullable String errorType() {
    return errorType;
  }

  /**
   * @param result null if the writer violated its contract and gave none
   */
  void ended(@Nullable BatchResult result) {
    if (result == null) {
      outcome = UNKNOWN;
      errorType = OTHER;
    } else {
      outcome = result.rejected().isEmpty() ? "written" : "partly_written";
    }
  }

  void failed(Throwable signalled) {
    Throwable failure = BadRowException.causeOf(signalled);
    outcome = writer.failureClassifier().classify(failure).name().toLowerCase(Locale.ROOT);
    statusCode = writer.statusCode(failure);
    errorType = statusCode != null ? statusCode : failure.getClass().getName();
  }

  void givenUp() {
    outcome = UNKNOWN;
    errorType = TIMEOUT;
  }
}
