package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The options of a flow.
 *
 * @param backend Kind of database that the flow writes to. R2DBC by default.
 * @param bean Name of the bean that knows the database. Needed only if there are several of its
 *     type.
 * @param concurrency Most batches that are written at the same time.
 * @param maxPending Most rows that are accepted and not yet finished.
 * @param maxPendingBytes Most bytes of rows that are accepted and not yet finished.
 * @param maxWait Longest wait of a submission for room.
 * @param maxWaiters Most submissions that wait for room.
 * @param closeTimeout Longest wait at shutdown for accepted rows. Two seconds less than the timeout
 *     of a shutdown phase by default.
 * @param writeTimeout Longest time of one attempt to write a batch.
 * @param writeGrace Time that an interrupted write gets to end.
 * @param retry Options of retries.
 * @param health Limits of a healthy flow.
 * @param deadLetters Options of dead letters.
 * @param journal Options of the journal.
 * @param audit Options of the audit.
 * @param policy Policy of tables.
 * @param tables Policies of single tables, which override that of all tables.
 */
public record FlowProperties(
    @Nullable Backend backend,
    @Nullable String bean,
    @Nullable Integer concurrency,
    @Nullable Integer maxPending,
    @Nullable DataSize maxPendingBytes,
    @Nullable Integer maxWaiters,
    @Nullable Duration maxWait,
    @Nullable Duration closeTimeout,
    @Nullable Duration writeTimeout,
    @Nullable Duration writeGrace,
    @DefaultValue @NestedConfigurationProperty RetryProperties retry,
    @DefaultValue @NestedConfigurationProperty HealthProperties health,
    @DefaultValue @NestedConfigurationProperty DeadLetterProperties deadLetters,
    @DefaultValue @NestedConfigurationProperty JournalProperties journal,
    @DefaultValue @NestedConfigurationProperty AuditProperties audit,
    @DefaultValue @NestedConfigurationProperty PolicyProperties policy,
    @DefaultValue Map<String, PolicyProperties> tables) {

  void applyTo(BatchFlow.Builder builder) {
    PropertyMapper map = PropertyMapper.get();
    map.from(concurrency).to(builder::concurrency);
    map.from(maxPending).to(builder::maxPending);
    map.from(maxPendingBytes).as(DataSize::toBytes).to(builder::maxPendingBytes);
    map.from(maxWaiters).to(builder::maxWaiters);
    map.from(maxWait).to(builder::maxWait);
    map.from(writeTimeout).to(builder::writeTimeout);
    map.from(writeGrace).to(builder::writeGrace);
  }
}
