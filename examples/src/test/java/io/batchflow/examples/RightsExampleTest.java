package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchListener;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.audit.AuditTrail;
import io.batchflow.catalog.yaml.RightsYaml;
import io.batchflow.guard.Access;
import io.batchflow.guard.GuardedFlow;
import io.batchflow.guard.Rights;
import io.batchflow.test.RecordingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** The snippets of docs/rights.md. */
class RightsExampleTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();

  private final BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).build();
  private final GuardedFlow guarded = guard(flow, new BatchListener() {});

  @AfterEach
  void close() {
    flow.close().block();
  }

  private static GuardedFlow guard(BatchFlow flow, BatchListener audit) {
    Rights rights =
        Rights.builder()
            .role("order-service", "table:orders:write", "table:orders:read")
            .role("analyst", "table:*:read")
            .role("admin", "*")
            .user("shop", "order-service")
            .user("ann", "analyst", "admin")
            .build();
    GuardedFlow guarded = GuardedFlow.of(flow, rights).withListener(audit);
    return guarded;
  }

  private Mono<WriteResult> submit(Row row) {
    return guarded.submit(row).contextWrite(context -> context.put(AuditTrail.USER, "shop"));
  }

  private Mono<Void> pause() {
    return guarded.require(Access.ADMIN, "orders").then(flow.control("orders").pause());
  }

  private static Rights read(Path path) throws IOException {
    Rights rights = RightsYaml.create().read(path);
    return rights;
  }

  @Test
  void theServiceMayWriteOrdersAndNotControlThem() {
    submit(ORDERS.row().set("id", 1L)).block();

    assertThat(flow.stats().ledger().written()).isEqualTo(1);
    assertThatThrownBy(
            () -> pause().contextWrite(context -> context.put(AuditTrail.USER, "shop")).block())
        .isInstanceOf(AccessDenied.class);
    pause().contextWrite(context -> context.put(AuditTrail.USER, "ann")).block();
    assertThat(flow.control("orders").isPaused()).isTrue();
  }

  @Test
  void theFileOfTheDocsSaysTheSame(@TempDir Path directory) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "rights.md"));
    String yaml = page.substring(page.indexOf("```yaml\n") + 8);
    Rights rights =
        read(
            Files.writeString(
                directory.resolve("rights.yml"), yaml.substring(0, yaml.indexOf("```"))));

    assertThat(rights.allow("shop", Access.WRITE, "orders")).isTrue();
    assertThat(rights.allow("shop", Access.WRITE, "users")).isFalse();
    assertThat(rights.allow("ann", Access.ADMIN, "users")).isTrue();
  }
}
