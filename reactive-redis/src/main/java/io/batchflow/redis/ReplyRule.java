package io.batchflow.redis;

import io.batchflow.RowAbsentException;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import org.jspecify.annotations.Nullable;

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
  /** Null or 0 means that there is nothing to update, and the row is ignored. */
  PRESENT_OR_IGNORED,
  /** Null or 0 means that there is nothing to update, and the row is rejected. */
  PRESENT_OR_REJECTED,
  /** 0 means that there was nothing to delete. */
  DELETED_OR_ABSENT;

  /** Returns why a reply rejects its row; null if it does not. */
  @Nullable RuntimeException rejection(long reply, Schema schema) {
    if (reply != 0) {
      return null;
    }
    return switch (this) {
      case NEW_OR_REJECTED -> RedisWriteException.conflict(schema);
      case PRESENT_OR_REJECTED -> new RowAbsentException(schema.table());
      default -> null;
    };
  }

  RowVerdict verdict(long reply) {
    return switch (this) {
      case WRITTEN -> RowVerdict.WRITTEN;
      case NEW_OR_IGNORED -> reply == 0 ? RowVerdict.IGNORED : RowVerdict.INSERTED;
      case NEW_OR_UPDATED -> reply == 0 ? RowVerdict.UPDATED : RowVerdict.INSERTED;
      case NEW_OR_REJECTED -> RowVerdict.INSERTED;
      case PRESENT_OR_IGNORED -> reply == 0 ? RowVerdict.ABSENT : RowVerdict.UPDATED;
      case PRESENT_OR_REJECTED -> RowVerdict.UPDATED;
      case DELETED_OR_ABSENT -> reply == 0 ? RowVerdict.ABSENT : RowVerdict.DELETED;
    };
  }

  long affected(long reply) {
    return switch (this) {
      case NEW_OR_IGNORED, PRESENT_OR_IGNORED, DELETED_OR_ABSENT -> reply == 0 ? 0 : 1;
      default -> 1;
    };
  }
}
