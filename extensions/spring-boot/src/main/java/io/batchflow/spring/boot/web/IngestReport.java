package io.batchflow.spring.boot.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/**
 * What became of the lines of an NDJSON body. Immutable. As JSON it is one object; {@link #asLines}
 * gives NDJSON.
 *
 * @param lines the number of lines, without blank ones
 * @param stored the number of lines that are written, which includes ignored and merged ones
 * @param problems the first lines that are not stored, in the order of the body
 * @param omitted the number of further lines that are not stored
 */
public record IngestReport(long lines, long stored, List<LineProblem> problems, long omitted) {

  /** Copies the problems. */
  public IngestReport {
    problems = List.copyOf(problems);
  }

  /**
   * The last line of an answer in NDJSON.
   *
   * @param lines the number of lines, without blank ones
   * @param stored the number of lines that are written
   * @param omitted the number of lines that are not stored and not reported; left out if 0
   */
  public record Summary(
      long lines, long stored, @JsonInclude(JsonInclude.Include.NON_DEFAULT) long omitted) {}

  /** Returns the problems, and then a {@link Summary}, for an answer in NDJSON. */
  public Flux<Object> asLines() {
    return Flux.fromStream(
        () -> Stream.concat(problems.stream(), Stream.of(new Summary(lines, stored, omitted))));
  }
}
