package io.batchflow.r2dbc.outbox;

import io.batchflow.message.Message;
import io.r2dbc.spi.Readable;
import java.util.Objects;

/**
 * A message in the outbox.
 *
 * @param seq in the order in which messages were appended
 */
record Appended(int shard, long seq, Message message) {

  /** The columns that {@link #of} reads. */
  static final String COLUMNS = "shard, seq, id, message_key, type, headers, payload";

  static Appended of(Readable row) {
    Message message =
        Message.builder(text(row, 4), Objects.requireNonNull(row.get(6, byte[].class)))
            .id(text(row, 2))
            .key(text(row, 3))
            .headers(Headers.parse(text(row, 5)))
            .build();
    return new Appended(number(row, 0).intValue(), number(row, 1).longValue(), message);
  }

  private static String text(Readable row, int index) {
    return Objects.requireNonNull(row.get(index, String.class));
  }

  private static Number number(Readable row, int index) {
    return Objects.requireNonNull(row.get(index, Number.class));
  }

  String key() {
    return message.key();
  }
}
