package io.batchflow.examples.tables;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.web.FlowResponses;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Stores single rows. Rows of concurrent requests share batches. */
@RestController
class DataController {

  private final TableService tables;
  private final BatchFlow flow;
  private final FlowResponses responses;

  DataController(TableService tables, BatchFlow flow, FlowResponses responses) {
    this.tables = tables;
    this.flow = flow;
    this.responses = responses;
  }

  /** A row. Without a time it has that of now. */
  record NewRow(String table, String id, @Nullable OffsetDateTime timestamp, JsonNode payload) {

    NewRow {
      if (table == null || id == null || payload == null) {
        throw new IllegalArgumentException("A row has a table, an id and a payload.");
      }
    }

    OffsetDateTime time() {
      return Objects.requireNonNullElseGet(timestamp, () -> OffsetDateTime.now(ZoneOffset.UTC));
    }
  }

  /** Answers when the row is durable. A failure of the row is answered by the starter. */
  @PostMapping("/v1/data")
  Mono<ResponseEntity<Void>> store(@RequestBody NewRow row) {
    return tables
        .schema(row.table())
        .flatMap(
            schema ->
                flow.submit(
                    schema
                        .row()
                        .set("id", row.id())
                        .set("timestamp", row.time())
                        .set("payload", row.payload().toString())))
        .map(responses::of);
  }
}
