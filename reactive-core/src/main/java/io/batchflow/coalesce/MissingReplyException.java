package io.batchflow.coalesce;

import io.batchflow.FailureKind;

/** A handler gave no reply to a call. Classified as {@link FailureKind#UNKNOWN}. */
final class MissingReplyException extends RuntimeException {

  private MissingReplyException(String message) {
    super(message, null, false, false);
  }

  static MissingReplyException toOneCall() {
    return new MissingReplyException("gave no reply to a call");
  }

  /** The positions of the replies mean nothing if there are too many or too few. */
  static MissingReplyException ofOthers(int replies, int calls) {
    return new MissingReplyException("gave " + replies + " replies to " + calls + " calls");
  }
}
