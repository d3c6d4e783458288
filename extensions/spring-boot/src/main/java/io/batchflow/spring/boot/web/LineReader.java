package io.batchflow.spring.boot.web;

import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads the JSON of a line, or says what is wrong with it without a value of the line. */
final class LineReader<T> {

  private static final String UNREADABLE = "UnreadableLine";
  private static final int LONGEST_NAME = 100;

  private final JsonFactory parsers;
  private final ObjectReader reader;
  private final Function<Object, ? extends @Nullable T> last;

  private LineReader(
      JsonFactory parsers, ObjectReader reader, Function<Object, ? extends @Nullable T> last) {
    this.parsers = parsers;
    this.reader = reader.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    this.last = last;
  }

  /** Returns what parses lines. Use one for all bodies, since it remembers the names of fields. */
  static JsonFactory parsers(JsonMapper json, int maxDepth) {
    JsonFactory parsers = json.tokenStreamFactory();
    return parsers
        .rebuild()
        .streamReadConstraints(
            parsers.streamReadConstraints().rebuild().maxNestingDepth(maxDepth).build())
        .build();
  }

  static <T> LineReader<T> of(JsonFactory parsers, JsonMapper json, Class<T> type) {
    return new LineReader<>(parsers, json.readerFor(type), type::cast);
  }

  static <T> LineReader<T> of(
      JsonFactory parsers, JsonMapper json, Function<? super JsonNode, ? extends T> reader) {
    return new LineReader<T>(
        parsers, json.readerFor(JsonNode.class), node -> reader.apply((JsonNode) node));
  }

  /** Returns the object of a line, or null if the line has a problem, which is counted. */
  @Nullable T read(Line line, Tally tally) {
    try (JsonParser parser = parsers.createParser(ObjectReadContext.empty(), line.content())) {
      Object value = reader.readValue(parser);
      T read = value == null ? null : last.apply(value);
      if (read == null) {
        tally.failed(unreadable(line, HttpStatus.BAD_REQUEST, "The line has no object."));
      }
      return read;
    } catch (RuntimeException failure) {
      tally.failed(problem(line, failure));
      return null;
    }
  }

  private static LineProblem problem(Line line, RuntimeException failure) {
    if (failure instanceof ErrorResponse own) {
      return new LineProblem(
          line.number(),
          own.getStatusCode().value(),
          failure.getClass().getSimpleName(),
          String.valueOf(own.getBody().getDetail()));
    }
    if (failure instanceof StreamConstraintsException) {
      return unreadable(
          line, HttpStatus.BAD_REQUEST, "The JSON is nested too deep, or has a value too long.");
    }
    if (failure instanceof StreamReadException) {
      return unreadable(line, HttpStatus.BAD_REQUEST, "The line is not JSON.");
    }
    if (failure instanceof JacksonException misfit) {
      String path = path(misfit);
      return unreadable(
          line,
          HttpStatus.BAD_REQUEST,
          path.isEmpty()
              ? "The JSON does not have the form that is expected."
              : "The field '" + path + "' does not have the form that is expected.");
    }
    return unreadable(
        line,
        HttpStatus.UNPROCESSABLE_CONTENT,
        "The line cannot be read (" + failure.getClass().getSimpleName() + ").");
  }

  private static LineProblem unreadable(Line line, HttpStatus status, String problem) {
    return new LineProblem(line.number(), status.value(), UNREADABLE, problem);
  }

  // The names are those of the class or of the line, so they may have any length.
  private static String path(JacksonException misfit) {
    String path =
        misfit.getPath().stream()
            .map(
                step ->
                    step.getPropertyName() == null ? "" + step.getIndex() : step.getPropertyName())
            .collect(Collectors.joining("."));
    return path.length() > LONGEST_NAME ? path.substring(0, LONGEST_NAME) + "…" : path;
  }
}
