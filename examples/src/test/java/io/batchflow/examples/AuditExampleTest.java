package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.Schema;
import io.batchflow.audit.AuditTrail;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Examples to copy from: the audit of a flow in a file and in a table. */
class AuditExampleTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id", "item").build();

  private final Database database;
  private final Path log;

  AuditExampleTest(@TempDir Path directory) {
    database = Database.Kind.H2.in(directory);
    log = directory.resolve("audit.jsonl");
  }

  @BeforeEach
  void createTables() {
    database.run("CREATE TABLE orders (id BIGINT PRIMARY KEY, item VARCHAR(20))", AuditTable.DDL);
  }

  private BatchWriter writer() {
    return R2dbcBatchWriter.create(database.url());
  }

  /** Submits one row at a time, so that each row is a batch. */
  private static Mono<Void> order(BatchFlow flow, String user, long id) {
    return flow.submit(ORDERS.row().set("id", id).set("item", "s3cr3t"))
        .onErrorComplete()
        .contextWrite(Context.of("user", user))
        .then();
  }

  @Test
  void aFileHasALineForEachBatch() throws IOException {
    for (int run = 0; run < 2; run++) {
      AuditFile file = AuditFile.open(log);
      AuditTrail trail = AuditTrail.builder("shop", file).principal("user").build();
      BatchFlow flow = BatchFlow.builder(writer()).listener(trail).build();

      order(flow, "ann", 1).then(order(flow, "bob", 2 + run)).block();

      flow.close().then(trail.flush()).block();
      file.close();
      assertThat(List.of(trail.kept(), trail.lost())).containsExactly(2L, 0L);
    }

    List<JsonNode> lines =
        Files.readAllLines(log).stream().map(line -> JsonMapper.shared().readTree(line)).toList();
    assertThat(lines)
        .extracting(line -> line.path("principals").toString() + line.path("status").asString())
        .containsExactly(
            "[\"ann\"]WRITTEN", "[\"bob\"]WRITTEN", "[\"ann\"]REJECTED", "[\"bob\"]WRITTEN");
    JsonNode rejected = lines.get(2);
    assertThat(rejected.path("flow").asString()).isEqualTo("shop");
    assertThat(rejected.path("table").asString()).isEqualTo("orders");
    assertThat(rejected.path("operation").asString()).isEqualTo("FAIL");
    assertThat(rejected.path("rows").asInt()).isEqualTo(1);
    assertThat(rejected.path("success").asBoolean()).isFalse();
    assertThat(rejected.path("error").asString()).contains("R2dbc");
    assertThat(Instant.parse(rejected.path("time").asString())).isBeforeOrEqualTo(Instant.now());
    assertThat(Duration.parse(rejected.path("took").asString())).isPositive();
    assertThat(Files.readString(log)).doesNotContain("s3cr3t");
  }

  @Test
  void anOperationOnATableIsRecordedWithItsUser() {
    List<Map<String, @Nullable Object>> log = new ArrayList<>();
    AuditTrail trail =
        AuditTrail.builder("shop", batch -> Mono.empty())
            .tableOperations(operation -> Mono.fromRunnable(() -> log.add(operation.fields())))
            .build();
    BatchFlow flow = BatchFlow.builder(writer()).listener(trail).build();

    flow.control("orders").pause().contextWrite(Context.of(AuditTrail.USER, "ann")).block();
    flow.close().then(trail.flush()).block();

    assertThat(log)
        .singleElement()
        .satisfies(
            fields ->
                assertThat(fields)
                    .containsEntry("operation", "pause")
                    .containsEntry("user", "ann")
                    .containsEntry("success", true));
  }

  @Test
  void aTableHasARowForEachBatch() {
    BatchFlow audits = BatchFlow.builder(writer()).build();
    AuditTrail trail = AuditTrail.builder("shop", new AuditTable(audits)).principal("user").build();
    BatchFlow flow = BatchFlow.builder(writer()).listener(trail).build();

    order(flow, "ann", 1).then(order(flow, "bob", 1)).block();

    flow.close().then(trail.flush()).then(audits.close()).block();
    assertThat(trail.lost()).isZero();
    assertThat(
            database.read(
                "SELECT flow, table_name, operation, row_count, attempts, status, principals,"
                    + " error IS NULL FROM batch_audit ORDER BY ended_at"))
        .containsExactly(
            List.of("shop", "orders", "FAIL", "1", "1", "WRITTEN", "ann", "TRUE"),
            List.of("shop", "orders", "FAIL", "1", "1", "REJECTED", "bob", "FALSE"));
  }

  @Test
  void aRecordThatTheFileCannotTakeIsCountedAndTheRowsAreStored() throws IOException {
    MeterRegistry registry = new SimpleMeterRegistry();
    AuditFile file = AuditFile.open(log);
    AuditTrail trail = AuditTrail.builder("shop", file).maxPending(10).build();
    FunctionCounter.builder("shop.audit.lost", trail, AuditTrail::lost).register(registry);
    BatchFlow flow = BatchFlow.builder(writer()).listener(trail).build();

    file.close();
    order(flow, "ann", 1).block();
    flow.close().then(trail.flush()).block();

    assertThat(registry.get("shop.audit.lost").functionCounter().count()).isEqualTo(1);
    assertThat(Files.readString(log)).isEmpty();
    assertThat(database.read("SELECT COUNT(*) FROM orders")).containsExactly(List.of("1"));
  }
}
