package io.batchflow.examples.ingest;

import io.batchflow.annotation.Column;
import io.batchflow.annotation.Key;
import io.batchflow.annotation.Table;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** One row of the table {@code events}. */
@Table("events")
record Event(
    @Key long id,
    String source,
    String kind,
    @Column(unsetIfNull = true) @Nullable String payload,
    LocalDateTime occurredAt) {}
