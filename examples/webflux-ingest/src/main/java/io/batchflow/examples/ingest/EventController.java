package io.batchflow.examples.ingest;

import io.batchflow.BatchFlow;
import io.batchflow.Overflow;
import io.batchflow.spring.boot.web.IngestReport;
import io.batchflow.spring.boot.web.NdjsonIngest;
import io.batchflow.stats.FlowStats;
import io.batchflow.table.Table;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes one event or a stream of events. Answers each when it is durable. */
@RestController
class EventController {

  private final BatchFlow flow;
  private final Table<Event> events;
  private final EventParser parser;
  private final NdjsonIngest ingest;

  EventController(BatchFlow flow, EventParser parser, NdjsonIngest ingest) {
    this.flow = flow;
    this.events = flow.table(Event.class);
    this.parser = parser;
    this.ingest = ingest;
  }

  /** The answer for a stored event. */
  record Stored(long id, long millis) {}

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
  Flux<Object> many(ServerHttpRequest request) {
    return ingest.store(request, events, parser::read).flatMapMany(IngestReport::asLines);
  }

  @GetMapping("/stats")
  FlowStats stats() {
    return flow.stats();
  }
}
