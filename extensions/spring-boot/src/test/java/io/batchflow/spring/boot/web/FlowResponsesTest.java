package io.batchflow.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BackendError;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.BatchWriteException;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
import io.batchflow.InvalidSchemaException;
import io.batchflow.Outcome;
import io.batchflow.QueueFullException;
import io.batchflow.Row;
import io.batchflow.RowAbsentException;
import io.batchflow.RowExpiredException;
import io.batchflow.RowRejectedException;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

class FlowResponsesTest {

  private static final Duration MORE_THAN_A_SECOND = Duration.ofMillis(1_001);

  private final FlowResponses responses = FlowResponses.create(Duration.ofMillis(1500));
  private final Row row = Schema.table("events").columns("id").build().row().set("id", "s3cr3t");

  static Stream<Arguments> failures() {
    Exception driver = new IllegalStateException("s3cr3t");
    BackendError duplicate = new BackendError("23505", null, true);
    return Stream.of(
        failure(409, false, new RowRejectedException("events", 1, driver, duplicate)),
        failure(422, false, new RowRejectedException("events", 1, driver)),
        failure(422, false, new RowAbsentException("events")),
        failure(422, false, InvalidRowException.unmappable("events", driver)),
        failure(429, true, QueueFullException.atOnce("events", 10)),
        failure(429, true, QueueFullException.paused("events", 10, 10)),
        failure(403, false, new AccessDenied("events", "ann", "WRITE")),
        failure(429, true, new QuotaExceeded("events", "ann", null, "user", MORE_THAN_A_SECOND)),
        failure(503, true, FlowClosedException.submitted("events")),
        failure(503, true, new RowExpiredException("events", Duration.ofSeconds(1))),
        failure(503, true, new BatchWriteException("events", 2, 3, driver, true, null)),
        failure(503, false, new BatchWriteException("events", 2, 1, driver)),
        failure(503, false, UnknownOutcomeException.noVerdict("events", driver)),
        failure(500, false, new InvalidSchemaException("events", "it is wrong", "Correct it")));
  }

  private static Arguments failure(int status, boolean again, BatchFlowException failure) {
    return Arguments.of(status, again, failure);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureIsAProblemWithoutValues(int status, boolean again, BatchFlowException failure) {
    ResponseEntity<ProblemDetail> answer = responses.of(Outcome.failed(row, failure));

    assertThat(answer.getStatusCode().value()).isEqualTo(status);
    assertThat(answer.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
    assertThat(answer.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo(again ? "2" : null);
    ProblemDetail problem = Objects.requireNonNull(answer.getBody());
    assertThat(problem.getStatus()).isEqualTo(status);
    assertThat(problem.getDetail()).isNotEmpty();
    assertThat(problem.getProperties())
        .containsEntry("reason", failure.getClass().getSimpleName())
        .containsEntry("outcome", failure.status());
    assertThat(problem.toString()).doesNotContain("s3cr3t");
  }

  @Test
  void aQuotaTellsItsOwnTime() {
    QuotaExceeded exceeded =
        new QuotaExceeded("events", null, "acme", "tenant", Duration.ofMillis(41_001));

    assertThat(responses.problem(exceeded).getHeaders().getFirst(HttpHeaders.RETRY_AFTER))
        .isEqualTo("42");
  }

  @Test
  void theRowOfAUnitIsNamedByItsPosition() {
    BatchFlowException failure = new RowAbsentException("events");
    failure.initRow(row, 3);

    assertThat(responses.problem(failure).getBody().getProperties()).containsEntry("position", 3);
  }

  @ParameterizedTest
  @CsvSource({
    "WRITTEN, 201",
    "INSERTED, 201",
    "UPDATED, 200",
    "IGNORED, 200",
    "MERGED, 200",
    "DELETED, 200"
  })
  void aWrittenRowIsCreatedOrOk(RowVerdict verdict, int status) {
    WriteResult result = WriteResult.of(1, 1, verdict, Duration.ZERO, Duration.ZERO);

    assertThat(responses.of(result).getStatusCode().value()).isEqualTo(status);
    assertThat(responses.of(Outcome.written(row, result)))
        .extracting(answer -> answer.getStatusCode().value(), ResponseEntity::getBody)
        .containsExactly(status, null);
  }
}
