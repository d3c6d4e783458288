@NullMarked
package io.batchflow.kafka;

import org.jspecify.annotations.NullMarked;
