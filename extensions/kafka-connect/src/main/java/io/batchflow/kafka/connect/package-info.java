/** A sink connector: see {@link io.batchflow.kafka.connect.BatchFlowSinkConnector}. */
@NullMarked
package io.batchflow.kafka.connect;

import org.jspecify.annotations.NullMarked;
