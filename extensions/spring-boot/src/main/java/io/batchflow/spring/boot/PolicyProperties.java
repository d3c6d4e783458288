package io.batchflow.spring.boot;

import io.batchflow.BatchPolicy;
import io.batchflow.Ordering;
import io.batchflow.Overflow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.unit.DataSize;

/**
 * The options of a policy.
 *
 * @param maxSize Most rows of a batch.
 * @param maxBytes Most bytes of a batch.
 * @param maxDelay Longest time that a row waits for its batch to fill.
 * @param lingerWhenIdle Whether a row waits for others while nothing is being written.
 * @param ordering Order in which rows are written.
 * @param concurrency Most batches of one table that are written at the same time.
 * @param overflow Answer to a row when the flow is full.
 * @param deliveryTimeout Time after which a row that was not written is given up.
 * @param maxPausedRows Most rows that wait while the table is paused.
 * @param share Part of the slots and pending rows of the flow that the table has at most, above 0
 *     up to 1. Only for a table.
 * @param reserved Slots of the flow that other tables leave free. Only for a table.
 * @param rowVerdicts Whether outcomes say what happened to each row.
 * @param returning Columns whose stored values outcomes report.
 * @param returningExisting Such columns, whose values ignored rows have from the existing row.
 */
public record PolicyProperties(
    @Nullable Integer maxSize,
    @Nullable DataSize maxBytes,
    @Nullable Duration maxDelay,
    @Nullable Boolean lingerWhenIdle,
    @Nullable Ordering ordering,
    @Nullable Integer concurrency,
    @Nullable Overflow overflow,
    @Nullable Duration deliveryTimeout,
    @Nullable Integer maxPausedRows,
    @Nullable Double share,
    @Nullable Integer reserved,
    @Nullable Boolean rowVerdicts,
    @Nullable List<String> returning,
    @Nullable List<String> returningExisting) {

  void applyTo(BatchPolicy.Builder builder) {
    PropertyMapper map = PropertyMapper.get();
    map.from(maxSize).to(builder::maxSize);
    map.from(maxBytes).as(DataSize::toBytes).to(builder::maxBytes);
    map.from(maxDelay).to(builder::maxDelay);
    map.from(lingerWhenIdle).to(builder::lingerWhenIdle);
    map.from(ordering).to(builder::ordering);
    map.from(concurrency).to(builder::concurrency);
    map.from(overflow).to(builder::overflow);
    map.from(deliveryTimeout).to(builder::deliveryTimeout);
    map.from(maxPausedRows).to(builder::maxPausedRows);
    map.from(share).to(builder::share);
    map.from(reserved).to(builder::reserved);
    map.from(rowVerdicts).to(builder::rowVerdicts);
    map.from(returning).as(columns -> columns.toArray(String[]::new)).to(builder::returning);
    map.from(returningExisting)
        .as(columns -> columns.toArray(String[]::new))
        .to(builder::returningExisting);
  }
}
