package io.batchflow.kafka;

import org.jspecify.annotations.Nullable;

/** What the thread of an ingest does. */
interface Loop {

  /** Reads records until it is closed or fails. Returns why it failed; null if it was closed. */
  @Nullable KafkaIngestException run();

  /** Lets the loop end after all open records have ended. Called by any thread. */
  void close();
}
