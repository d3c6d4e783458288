@NullMarked
package io.batchflow.examples.ingest;

import org.jspecify.annotations.NullMarked;
