package io.batchflow.benchmarks.service;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/** One row of the table {@code events}, for the flow and for Spring Data. */
@Table("events")
record Event(@Id long id, String source, String kind) {}
