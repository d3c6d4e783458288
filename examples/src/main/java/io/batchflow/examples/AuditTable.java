package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.audit.AuditRecord;
import java.time.ZoneOffset;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Keeps audit records in a table. A second flow writes them in batches. */
public final class AuditTable implements Function<AuditRecord, Mono<Void>> {

  /** The definition of the table for H2. */
  public static final String DDL =
      """
      CREATE TABLE IF NOT EXISTS batch_audit (
        ended_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
        flow VARCHAR(100) NOT NULL,
        table_name VARCHAR(200) NOT NULL,
        operation VARCHAR(10) NOT NULL,
        row_count INT NOT NULL,
        deletes INT NOT NULL,
        rejected INT NOT NULL,
        attempts INT NOT NULL,
        took_micros BIGINT NOT NULL,
        status VARCHAR(10) NOT NULL,
        error VARCHAR(300),
        principals TEXT NOT NULL)
      """;

  private static final Schema AUDIT =
      Schema.table("batch_audit")
          .columns("ended_at", "flow", "table_name", "operation", "row_count", "deletes")
          .columns("rejected", "attempts", "took_micros", "status", "error", "principals")
          .build();

  private final BatchFlow audits;

  /**
   * Keeps records through a flow, which the caller closes. That flow must not have such a trail.
   */
  public AuditTable(BatchFlow audits) {
    this.audits = audits;
  }

  @Override
  public Mono<Void> apply(AuditRecord entry) {
    return audits
        .submit(
            AUDIT
                .row()
                .set("ended_at", entry.time().atOffset(ZoneOffset.UTC))
                .set("flow", entry.flow())
                .set("table_name", entry.table())
                .set("operation", entry.operation().name())
                .set("row_count", entry.rows())
                .set("deletes", entry.deletes())
                .set("rejected", entry.rejected())
                .set("attempts", entry.attempts())
                .set("took_micros", entry.took().toNanos() / 1_000)
                .set("status", entry.status().name())
                .set("error", entry.error())
                .set("principals", String.join(", ", entry.principals())))
        .then();
  }
}
