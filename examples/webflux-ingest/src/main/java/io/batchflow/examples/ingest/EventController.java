package io.batchflow.examples.ingest;

import io.batchflow.BatchFlow;
import io.batchflow.QueueFullException;
import io.batchflow.Row;
import io.batchflow.stats.FlowStats;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Takes one event or a stream of events. Answers each when it is durable. */
@RestController
class EventController {

  /** The maximum number of lines without an outcome. The socket is not read beyond that. */
  private static final int LINES_AT_ONCE = 2_000;

  private final BatchFlow flow;
  private final EventParser parser;

  EventController(BatchFlow flow, EventParser parser) {
    this.flow = flow;
    this.parser = parser;
  }

  /** The answer for a stored event. */
  record Stored(long id, long millis) {}

  /** The answer for a line that is not stored. */
  record Report(long line, String problem) {}

  /** The last line of the answer to a stream. */
  record Summary(long lines, long stored) {}

  @PostMapping(path = "/events", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  Mono<Stored> one(@RequestBody String event) {
    return Mono.fromCallable(() -> parser.parse(event))
        .flatMap(
            row ->
                flow.submit(row)
                    .map(
                        result ->
                            new Stored(
                                idOf(row), result.queued().plus(result.written()).toMillis())));
  }

  @PostMapping(
      path = "/events/stream",
      consumes = MediaType.APPLICATION_NDJSON_VALUE,
      produces = MediaType.APPLICATION_NDJSON_VALUE)
  Flux<Object> many(@RequestBody Flux<String> lines) {
    AtomicLong all = new AtomicLong();
    AtomicLong stored = new AtomicLong();
    return lines
        .index()
        .flatMap(
            line -> {
              all.incrementAndGet();
              return store(line.getT2())
                  .doOnSuccess(nothing -> stored.incrementAndGet())
                  .then(Mono.<Object>empty())
                  .onErrorResume(
                      failure ->
                          Mono.just(new Report(line.getT1() + 1, Problems.describe(failure))));
            },
            LINES_AT_ONCE)
        .concatWith(Mono.fromSupplier(() -> new Summary(all.get(), stored.get())));
  }

  /** A stream waits if the flow is full. A single caller is asked to come again. */
  private Mono<Void> store(String line) {
    return Mono.fromCallable(() -> parser.parse(line))
        .flatMap(flow::submit)
        .retryWhen(
            Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(10))
                .maxBackoff(Duration.ofSeconds(1))
                .filter(QueueFullException.class::isInstance))
        .then();
  }

  @GetMapping("/stats")
  FlowStats stats() {
    return flow.stats();
  }

  private static long idOf(Row row) {
    return row.value("id") instanceof Long id ? id : 0;
  }
}
