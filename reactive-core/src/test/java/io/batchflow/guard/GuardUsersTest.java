package io.batchflow.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.FlowClosedException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.audit.AuditTrail;
import io.batchflow.audit.TableAuditRecord;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** How a guard finds its user, and whom it tells of denied rows. */
class GuardUsersTest {

  private static final Rights RIGHTS =
      Rights.builder()
          .role("writer", "table:orders:write", "table:logs:write")
          .role("reader", "table:*:read")
          .user("will", "writer")
          .user("rita", "reader")
          .build();

  private final BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).build();
  private final GuardedFlow guard = GuardedFlow.of(flow, RIGHTS);

  @AfterEach
  void close() {
    flow.close().block();
  }

  private static Row row(String table, long id) {
    return Schema.table(table).columns("id").build().row().set("id", id);
  }

  @Test
  void aUserMayBeLookedUp() {
    GuardedFlow looking =
        guard.withUsers(
            ContextName.of("token")
                .orElse(context -> Mono.delay(Duration.ofMillis(1)).thenReturn("will")));

    looking.submit(row("orders", 1)).block();
    assertThat(looking.submitAll(Flux.just(row("logs", 1))).blockLast().isWritten()).isTrue();
    assertThatThrownBy(
            () ->
                looking
                    .submit(row("orders", 1))
                    .contextWrite(context -> context.put("token", "rita"))
                    .block())
        .isInstanceOf(AccessDenied.class);
    assertThatThrownBy(
            () ->
                guard
                    .withUsers(context -> Mono.error(new Error("x")))
                    .submit(row("logs", 1))
                    .block())
        .hasMessageContaining("x");
  }

  @Test
  void deniedRowsAreInTheAudit() {
    List<TableAuditRecord> records = new ArrayList<>();
    AuditTrail trail =
        AuditTrail.builder("shop", batch -> Mono.empty())
            .tableOperations(entry -> Mono.fromRunnable(() -> records.add(entry)))
            .build();
    assertThatThrownBy(
            () ->
                guard
                    .withListener(trail)
                    .submit(row("users", 1))
                    .contextWrite(context -> context.put(AuditTrail.USER, "will"))
                    .block())
        .isInstanceOf(AccessDenied.class);

    assertThat(records)
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.fields())
                  .containsEntry("table", "users")
                  .containsEntry("operation", "write")
                  .containsEntry("user", "will")
                  .containsEntry("record_count", 1L)
                  .containsEntry("success", false);
              assertThat(entry.error()).contains("is denied to user 'will'");
            });
    trail.onTurnedAway(row("users", 1), FlowClosedException.submitted("users"), Context.empty());
    trail.onTurnedAway(
        row("users", 1),
        new QuotaExceeded("users", null, "acme", "tenant", Duration.ofSeconds(1)),
        Context.of(AuditTrail.USER, "ann"));
    assertThat(records).extracting(TableAuditRecord::user).containsExactly("will", "ann");
  }
}
