package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BackendError;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchWriteException;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.InvalidRowException;
import io.batchflow.InvalidSchemaException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.QueueFullException;
import io.batchflow.Row;
import io.batchflow.RowExpiredException;
import io.batchflow.RowRejectedException;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.WriteResult;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Shows how a test of your own code creates the outcomes that a flow would return, here for code
 * that answers an HTTP request. The test needs no flow and no database.
 */
class OwnOutcomesTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();

  /** The code under test. */
  private static int httpStatus(Outcome<Row> outcome) {
    BatchFlowException failure = outcome.error();
    return failure == null ? 201 : httpStatus(failure);
  }

  private static int httpStatus(BatchFlowException failure) {
    return switch (failure.status()) {
      case INVALID -> 400;
      case REJECTED -> failure.isDuplicateKey() ? 409 : 422;
      case NOT_SENT -> failure.isRetryable() ? 429 : 503;
      case UNKNOWN, WRITTEN -> 500;
    };
  }

  private static Row order() {
    return ORDERS.row().set("id", 1);
  }

  @Test
  void aWrittenRow() {
    WriteResult result =
        WriteResult.of(100, 1, RowVerdict.INSERTED, Duration.ofMillis(10), Duration.ofMillis(3));

    Outcome<Row> outcome = Outcome.written(order(), result);

    assertThat(httpStatus(outcome)).isEqualTo(201);
    assertThat(outcome.result().verdict()).isEqualTo(RowVerdict.INSERTED);
    assertThat(outcome.result().batchSize()).isEqualTo(100);
    assertThat(outcome.result().queued()).isEqualTo(Duration.ofMillis(10));
  }

  private static Stream<Arguments> failures() {
    SQLException cause = new SQLException("duplicate key", "23505");
    BackendError duplicate = new BackendError("23505", null, true);
    Duration second = Duration.ofSeconds(1);
    return Stream.of(
        Arguments.of(new RowRejectedException("orders", 1, cause), 422),
        Arguments.of(new RowRejectedException("orders", 1, cause, duplicate), 409),
        Arguments.of(new BatchWriteException("orders", 100, 4, cause), 422),
        Arguments.of(new InvalidRowException("orders", "id", "it is unset", "Set it"), 400),
        Arguments.of(QueueFullException.atOnce("orders", 20_000), 429),
        Arguments.of(QueueFullException.tooManyWaiters("orders", 20_000, 10_000), 429),
        Arguments.of(QueueFullException.waitedTooLong("orders", 20_000, second), 429),
        Arguments.of(new RowExpiredException("orders", second), 429),
        Arguments.of(FlowClosedException.submitted("orders"), 503),
        Arguments.of(FlowClosedException.notSent("orders"), 503),
        Arguments.of(FlowClosedException.failed("orders", new IllegalStateException()), 503),
        Arguments.of(UnknownOutcomeException.noVerdict("orders", cause), 500),
        Arguments.of(UnknownOutcomeException.closed("orders"), 500));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aRowThatWasNotWritten(BatchFlowException error, int status) {
    Outcome<Row> outcome = Outcome.failed(order(), error);

    assertThat(httpStatus(outcome)).isEqualTo(status);
    assertThat(outcome.isWritten()).isFalse();
    assertThat(outcome.error().table()).isEqualTo("orders");
  }

  @Test
  void aStreamThatFailed() {
    assertThat(FlowClosedException.stream().status()).isEqualTo(OutcomeStatus.NOT_SENT);
    assertThat(QueueFullException.tooManyStreams(20_000).status())
        .isEqualTo(OutcomeStatus.NOT_SENT);
  }

  @Test
  void exceptionsOfBuilders() {
    assertThat(new InvalidSchemaException("orders", "it has no column", "Name one"))
        .hasMessage("Schema of table 'orders': it has no column. Name one.");
    assertThat(new InvalidConfigurationException("maxSize", "is 0", "Give at least 1").option())
        .isEqualTo("maxSize");
  }
}
