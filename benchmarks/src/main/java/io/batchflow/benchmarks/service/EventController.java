package io.batchflow.benchmarks.service;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.web.IngestReport;
import io.batchflow.spring.boot.web.NdjsonIngest;
import io.batchflow.table.Table;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.data.r2dbc.core.R2dbcEntityTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Stores an event in one way for each path. */
@RestController
class EventController {

  private final Table<Event> events;
  private final R2dbcEntityTemplate template;
  private final NdjsonIngest ingest;

  EventController(BatchFlow flow, R2dbcEntityTemplate template, NdjsonIngest ingest) {
    this.events = flow.table(Event.class);
    this.template = template;
    this.ingest = ingest;
  }

  @PostMapping("/flow")
  @ResponseStatus(HttpStatus.CREATED)
  Mono<Void> flow(@RequestBody Event event) {
    return events.submit(event).then();
  }

  /** One INSERT for each request. */
  @PostMapping("/plain")
  @ResponseStatus(HttpStatus.CREATED)
  Mono<Void> plain(@RequestBody Event event) {
    return template.insert(event).then();
  }

  /** What HTTP and JSON cost without a database. It answers later, as the others do. */
  @PostMapping("/none")
  @ResponseStatus(HttpStatus.CREATED)
  Mono<Void> none(@RequestBody Event event) {
    return Mono.<Void>empty().publishOn(Schedulers.parallel());
  }

  @PostMapping("/lines")
  Mono<IngestReport> lines(ServerHttpRequest request) {
    return ingest.store(request, events, Event.class);
  }

  /** What HTTP costs for a body that is only read. */
  @PostMapping("/bytes")
  Mono<Void> bytes(ServerHttpRequest request) {
    return request.getBody().doOnNext(DataBufferUtils::release).then();
  }
}
