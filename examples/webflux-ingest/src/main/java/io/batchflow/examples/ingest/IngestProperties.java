package io.batchflow.examples.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set, as {@code ingest.*}.
 *
 * @param url the database, by R2DBC
 * @param maxSize rows in a batch
 * @param maxDelay the longest time that an event waits for others
 * @param lingerWhenIdle whether events wait although no batch is in flight
 * @param maxPending events in the flow; beyond, callers are asked to come again
 * @param downAfter how long the database may fail before the service says that it is down
 */
@ConfigurationProperties("ingest")
record IngestProperties(
    @DefaultValue("r2dbc:h2:mem:///events?options=DB_CLOSE_DELAY=-1") String url,
    @DefaultValue("1000") int maxSize,
    @DefaultValue("10ms") Duration maxDelay,
    @DefaultValue("false") boolean lingerWhenIdle,
    @DefaultValue("20000") int maxPending,
    @DefaultValue("1m") Duration downAfter) {}
