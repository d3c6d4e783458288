package io.batchflow.benchmarks.springdata;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** An event. The database generates the id of a new one. */
@Table("events")
public record Event(
    @Id @Nullable Long id, int deviceId, String kind, double value, LocalDateTime createdAt) {}
