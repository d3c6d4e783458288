package io.batchflow.redis;

import io.batchflow.RowVerdict;

/** What a command's reply says of its row. */
enum ReplyRule {
  /** Any reply is a success, and tells no more. */
  WRITTEN,
  /** Nothing or 0: it was there already, and the row was to leave it alone. */
  NEW_OR_IGNORED,
  /** Nothing or 0: it was there already, and the row was to be the first. */
  NEW_OR_REJECTED,
  /** 0: it was there already, and is now as the row says. */
  NEW_OR_UPDATED;

  boolean rejects(long reply) {
    return this == NEW_OR_REJECTED && reply == 0;
  }

  RowVerdict verdict(long reply) {
    return switch (this) {
      case WRITTEN -> RowVerdict.WRITTEN;
      case NEW_OR_IGNORED -> reply == 0 ? RowVerdict.IGNORED : RowVerdict.INSERTED;
      case NEW_OR_UPDATED -> reply == 0 ? RowVerdict.UPDATED : RowVerdict.INSERTED;
      case NEW_OR_REJECTED -> RowVerdict.INSERTED;
    };
  }

  long affected(long reply) {
    return this == NEW_OR_IGNORED && reply == 0 ? 0 : 1;
  }
}
