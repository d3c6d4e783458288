package io.batchflow.spring.boot.web;

import io.batchflow.BatchFlowException;
import io.batchflow.Outcome;
import io.batchflow.table.Table;
import java.util.function.Function;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.ErrorResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores the lines of an NDJSON body. The body is read only as fast as the flow has room, so a slow
 * database slows the sender down. Thread-safe.
 *
 * <p>A line that is not stored is a problem in the report, and the other lines are stored. The
 * {@code batchflow.web.ndjson} properties limit the body. A body beyond a limit fails with an
 * {@link NdjsonException}; lines before that are stored.
 */
public final class NdjsonIngest {

  private final JsonMapper json;
  private final JsonFactory parsers;
  private final FlowResponses responses;
  private final NdjsonProperties limits;
  private final NdjsonLines lines;

  NdjsonIngest(JsonMapper json, FlowResponses responses, NdjsonProperties limits) {
    this.json = json;
    parsers = LineReader.parsers(json, limits.maxDepth());
    this.responses = responses;
    this.limits = limits;
    lines = new NdjsonLines(limits);
  }

  /** One object and the number of its line. */
  private record Numbered<T>(long line, T value) {}

  /**
   * Stores each line as an object, which the {@code JsonMapper} of the application reads.
   *
   * @param type the class of the objects
   * @return the report, when every line has its outcome
   */
  public <T> Mono<IngestReport> store(ServerHttpRequest request, Table<T> table, Class<T> type) {
    return store(request, table, LineReader.of(parsers, json, type));
  }

  /**
   * Stores what a function makes of the JSON of each line.
   *
   * @param reader must not block. If it throws, that is the problem of its line. Status and detail
   *     are reported if the exception is an {@link ErrorResponse}, such as {@code
   *     ResponseStatusException}, else only the name of its class
   * @return the report, when every line has its outcome
   */
  public <T> Mono<IngestReport> store(
      ServerHttpRequest request, Table<T> table, Function<? super JsonNode, ? extends T> reader) {
    return store(request, table, LineReader.of(parsers, json, reader));
  }

  private <T> Mono<IngestReport> store(
      ServerHttpRequest request, Table<T> table, LineReader<T> reader) {
    return Mono.defer(
        () -> {
          Tally tally = new Tally(limits.maxProblems());
          return table
              .submitAll(objects(request, reader, tally), Numbered::value)
              .doOnNext(outcome -> count(outcome, tally))
              .then(Mono.fromSupplier(tally::report))
              .onErrorMap(
                  BatchFlowException.class,
                  failure -> NdjsonException.of(responses.problem(failure), failure))
              .onErrorMap(NdjsonException.class, ended -> ended.after(tally.report()));
        });
  }

  private <T> Flux<Numbered<T>> objects(
      ServerHttpRequest request, LineReader<T> reader, Tally tally) {
    return lines
        .of(request)
        .handle(
            (line, sink) -> {
              T value = reader.read(line, tally);
              if (value != null) {
                sink.next(new Numbered<>(line.number(), value));
              }
            });
  }

  private <T> void count(Outcome<Numbered<T>> outcome, Tally tally) {
    BatchFlowException failure = outcome.error();
    if (failure == null) {
      tally.stored();
      return;
    }
    ErrorResponse problem = responses.problem(failure);
    tally.failed(
        new LineProblem(
            outcome.value().line(),
            problem.getStatusCode().value(),
            failure.getClass().getSimpleName(),
            String.valueOf(problem.getBody().getDetail())));
  }
}
