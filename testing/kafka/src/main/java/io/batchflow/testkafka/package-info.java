/** A broker of Kafka for tests. */
@NullMarked
package io.batchflow.testkafka;

import org.jspecify.annotations.NullMarked;
