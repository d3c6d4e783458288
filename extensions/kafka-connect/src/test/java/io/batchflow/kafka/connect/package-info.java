@NullMarked
package io.batchflow.kafka.connect;

import org.jspecify.annotations.NullMarked;
