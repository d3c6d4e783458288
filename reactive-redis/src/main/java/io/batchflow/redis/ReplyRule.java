package io.batchflow.redis;

import io.batchflow.RowVerdict;

/** What the reply to a command means for its row. */
enum ReplyRule {
  /** Any reply is a success. */
  WRITTEN,
  /** Null or 0 means that the key exists, and the row is ignored. */
  NEW_OR_IGNORED,
  /** Null or 0 means that the key exists, and the row is rejected. */
  NEW_OR_REJECTED,
  /** 0 means that the key existed, and the row has updated it. */
  NEW_OR_UPDATED,
  /** 0 means that there was nothing to delete. */
  DELETED_OR_ABSENT;

  boolean rejects(long reply) {
    return this == NEW_OR_REJECTED && reply == 0;
  }

  RowVerdict verdict(long reply) {
    return switch (this) {
      case WRITTEN -> RowVerdict.WRITTEN;
      case NEW_OR_IGNORED -> reply == 0 ? RowVerdict.IGNORED : RowVerdict.INSERTED;
      case NEW_OR_UPDATED -> reply == 0 ? RowVerdict.UPDATED : RowVerdict.INSERTED;
      case NEW_OR_REJECTED -> RowVerdict.INSERTED;
      case DELETED_OR_ABSENT -> reply == 0 ? RowVerdict.ABSENT : RowVerdict.DELETED;
    };
  }

  long affected(long reply) {
    boolean mayDoNothing = this == NEW_OR_IGNORED || this == DELETED_OR_ABSENT;
    return mayDoNothing && reply == 0 ? 0 : 1;
  }
}
