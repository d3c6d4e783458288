package io.batchflow.r2dbc.outbox;

import io.batchflow.ConflictStrategy;
import io.batchflow.RejectedRow;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import io.batchflow.message.Message;
import java.time.Instant;

/** Messages that cannot be published, as rejected rows of the table of the outbox. */
final class Rejections {

  static final Schema SCHEMA =
      Schema.table("batchflow_outbox")
          .columns("shard", "id", "message_key", "type", "headers", "payload")
          .onConflict(ConflictStrategy.FAIL)
          .build();

  private Rejections() {}

  static RejectedRow of(Appended appended, int attempts, Throwable failure) {
    Message message = appended.message();
    return new RejectedRow(
        SCHEMA
            .row()
            .set("shard", appended.shard())
            .set("id", message.id())
            .set("message_key", message.key())
            .set("type", message.type())
            .set("headers", Headers.write(message.headers()))
            .set("payload", message.payload()),
        new RowRejectedException(SCHEMA.table(), attempts, failure),
        Instant.now());
  }
}
