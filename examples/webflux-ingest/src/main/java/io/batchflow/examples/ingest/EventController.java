package io.batchflow.examples.ingest;

import io.batchflow.BatchFlow;
import io.batchflow.Outcome;
import io.batchflow.Overflow;
import io.batchflow.stats.FlowStats;
import io.batchflow.table.Table;
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
import reactor.util.function.Tuple2;

/** Takes one event or a stream of events. Answers each when it is durable. */
@RestController
class EventController {

  private final BatchFlow flow;
  private final Table<Event> events;
  private final EventParser parser;

  EventController(BatchFlow flow, Table<Event> events, EventParser parser) {
    this.flow = flow;
    this.events = events;
    this.parser = parser;
  }

  /** The answer for a stored event. */
  record Stored(long id, long millis) {}

  /** The answer for a line that is not stored. */
  record Report(long line, String problem) {}

  /** The last line of the answer to a stream. */
  record Summary(long lines, long stored) {}

  /** Fails at once if the flow is full, so that the caller is asked to come again. */
  @PostMapping(path = "/events", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  Mono<Stored> one(@RequestBody String text) {
    return Mono.fromCallable(() -> parser.parse(text))
        .flatMap(
            event ->
                events
                    .with(Overflow.FAIL)
                    .submit(event)
                    .map(
                        result ->
                            new Stored(
                                event.id(), result.queued().plus(result.written()).toMillis())));
  }

  /** Waits if the flow is full: the socket is read only as fast as events are stored. */
  @PostMapping(
      path = "/events/stream",
      consumes = MediaType.APPLICATION_NDJSON_VALUE,
      produces = MediaType.APPLICATION_NDJSON_VALUE)
  Flux<Object> many(@RequestBody Flux<String> lines) {
    AtomicLong all = new AtomicLong();
    AtomicLong stored = new AtomicLong();
    return events
        .submitAll(lines.index(), line -> parser.parse(line.getT2()))
        .doOnNext(
            outcome -> {
              all.incrementAndGet();
              stored.addAndGet(outcome.isWritten() ? 1 : 0);
            })
        .filter(outcome -> !outcome.isWritten())
        .<Object>map(EventController::report)
        .concatWith(Mono.fromSupplier(() -> new Summary(all.get(), stored.get())));
  }

  private static Report report(Outcome<Tuple2<Long, String>> outcome) {
    return new Report(outcome.value().getT1() + 1, Problems.describe(outcome.error()));
  }

  @GetMapping("/stats")
  FlowStats stats() {
    return flow.stats();
  }
}
