package io.batchflow.spring.boot.catalog;

import io.batchflow.Overflow;
import io.batchflow.catalog.TableSettings;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of a table of the catalog.
 *
 * @param bufferSize Most rows of a batch.
 * @param flushInterval Longest time that a row waits for others.
 * @param maxBytes Most bytes of a batch.
 * @param lingerWhenIdle Whether rows wait for others although nothing is in flight.
 * @param concurrency Most batches that are written at the same time.
 * @param overflow Answer to a row when there is no room.
 * @param deliveryTimeout Time after which a row that was not written is given up.
 * @param maxPausedRows Most rows that are held while the table is paused.
 * @param share Part of the slots and pending rows of a flow that the table has at most.
 * @param reserved Slots of a flow that are kept free for the table.
 * @param retentionDays Days that rows are kept. Zero keeps them forever.
 * @param backupEnabled Whether the table is part of backups.
 * @param properties Free texts by their names, such as owner and description.
 */
public record CatalogTableProperties(
    @Nullable Integer bufferSize,
    @Nullable Duration flushInterval,
    @Nullable DataSize maxBytes,
    @Nullable Boolean lingerWhenIdle,
    @Nullable Integer concurrency,
    @Nullable Overflow overflow,
    @Nullable Duration deliveryTimeout,
    @Nullable Integer maxPausedRows,
    @Nullable Double share,
    @Nullable Integer reserved,
    @Nullable Integer retentionDays,
    @Nullable Boolean backupEnabled,
    @DefaultValue Map<String, String> properties) {

  /** Returns the settings that are set. */
  TableSettings settings() {
    TableSettings.Builder builder = TableSettings.builder();
    PropertyMapper map = PropertyMapper.get();
    map.from(bufferSize).to(builder::bufferSize);
    map.from(flushInterval).to(builder::flushInterval);
    map.from(maxBytes).as(DataSize::toBytes).to(builder::maxBytes);
    map.from(lingerWhenIdle).to(builder::lingerWhenIdle);
    map.from(concurrency).to(builder::concurrency);
    map.from(overflow).to(builder::overflow);
    map.from(deliveryTimeout).to(builder::deliveryTimeout);
    map.from(maxPausedRows).to(builder::maxPausedRows);
    map.from(share).to(builder::share);
    map.from(reserved).to(builder::reserved);
    map.from(retentionDays).to(builder::retentionDays);
    map.from(backupEnabled).to(builder::backupEnabled);
    properties.forEach(builder::property);
    return builder.build();
  }
}
