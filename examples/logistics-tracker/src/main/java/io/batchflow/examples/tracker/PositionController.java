package io.batchflow.examples.tracker;

import io.batchflow.BatchFlow;
import io.batchflow.table.Table;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes positions at a high rate, and tells the last one of a parcel. */
@RestController
class PositionController {

  static final String KEY = "position:";

  private static final int AT_ONCE = 2_000;

  private final Table<Position> history;
  private final Table<Position> last;
  private final ReactiveStringRedisTemplate redis;

  PositionController(
      @Qualifier("history") BatchFlow history,
      @Qualifier("last") BatchFlow last,
      ReactiveStringRedisTemplate redis) {
    this.history = history.table(Position.HISTORY);
    this.last = last.table(Position.LAST);
    this.redis = redis;
  }

  /** Answers with the number of positions when all are stored in both places. */
  @PostMapping(path = "/positions", consumes = MediaType.APPLICATION_NDJSON_VALUE)
  Mono<Long> store(@RequestBody Flux<Position> positions) {
    return positions.flatMapSequential(this::store, AT_ONCE).count();
  }

  private Mono<Position> store(Position position) {
    return Mono.when(history.submit(position), last.submit(position)).thenReturn(position);
  }

  @GetMapping("/parcels/{parcel}/position")
  Mono<Map<String, String>> last(@PathVariable String parcel) {
    return redis
        .<String, String>opsForHash()
        .entries(KEY + parcel)
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }
}
