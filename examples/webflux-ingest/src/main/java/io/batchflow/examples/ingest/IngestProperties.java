package io.batchflow.examples.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code ingest.*}.
 *
 * @param url the R2DBC URL of the database
 * @param maxSize the maximum number of events in a batch
 * @param maxDelay the longest time that an event waits for others
 * @param lingerWhenIdle whether events also wait while no batch is in flight
 * @param maxPending the maximum number of events in the flow; further callers are asked to come
 *     again
 * @param downAfter how long the database may fail before the service reports that it is down
 */
@ConfigurationProperties("ingest")
record IngestProperties(
    @DefaultValue("r2dbc:h2:mem:///events?options=DB_CLOSE_DELAY=-1") String url,
    @DefaultValue("1000") int maxSize,
    @DefaultValue("10ms") Duration maxDelay,
    @DefaultValue("false") boolean lingerWhenIdle,
    @DefaultValue("20000") int maxPending,
    @DefaultValue("1m") Duration downAfter) {}
