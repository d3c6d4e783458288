/** A broker, a worker of Kafka Connect and PostgreSQL, in which sink connectors are compared. */
@NullMarked
package io.batchflow.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;
