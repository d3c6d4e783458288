package io.batchflow.redis;

import io.batchflow.BackendError;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of Redis errors, by the code that they begin with. See <a
 * href="https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors">the
 * protocol</a>, and the source of Redis for the codes. An error that is not listed is caused by the
 * command, and so by its row.
 */
final class RedisErrors {

  static final String OUT_OF_MEMORY = "OOM";
  static final String READ_ONLY = "READONLY";

  private static final Map<String, FailureKind> KINDS =
      Map.ofEntries(
          Map.entry("LOADING", FailureKind.TRANSIENT),
          Map.entry(READ_ONLY, FailureKind.TRANSIENT),
          Map.entry("CLUSTERDOWN", FailureKind.TRANSIENT),
          Map.entry("TRYAGAIN", FailureKind.TRANSIENT),
          Map.entry("MASTERDOWN", FailureKind.TRANSIENT),
          Map.entry("NOREPLICAS", FailureKind.TRANSIENT),
          Map.entry("NOTBUSY", FailureKind.TRANSIENT),
          Map.entry("BUSY", FailureKind.TRANSIENT),
          Map.entry("MOVED", FailureKind.TRANSIENT),
          Map.entry("ASK", FailureKind.TRANSIENT),
          Map.entry("EXECABORT", FailureKind.TRANSIENT),
          Map.entry("MISCONF", FailureKind.TRANSIENT),
          Map.entry("UNBLOCKED", FailureKind.TRANSIENT),
          Map.entry(OUT_OF_MEMORY, FailureKind.TRANSIENT),
          Map.entry("NOAUTH", FailureKind.UNUSABLE),
          Map.entry("NOPERM", FailureKind.PERMANENT),
          Map.entry("WRONGPASS", FailureKind.UNUSABLE),
          Map.entry("DENIED", FailureKind.UNUSABLE),
          Map.entry("NOPROTO", FailureKind.PERMANENT),
          Map.entry("CROSSSLOT", FailureKind.PERMANENT));

  /** Redis before version 7 hides the code of a command that a script ran. */
  private static final Pattern IN_SCRIPT = Pattern.compile("@user_script: ?\\d+: -?([A-Z]{2,30}) ");

  /** Refused handshakes without a specific code, of which Redis before version 6 has more. */
  private static final Pattern REFUSAL =
      Pattern.compile("^ERR .*(AUTH|password|DB index|number of databases)");

  private static final Pattern CODE = Pattern.compile("[A-Z]{2,30}(?= |$)");

  private RedisErrors() {}

  /** Returns the codes that are not about a single command. */
  static Set<String> codes() {
    return KINDS.keySet();
  }

  /** Returns the code that an error begins with; empty if a script wrote the error itself. */
  static String code(String error) {
    Matcher inScript = IN_SCRIPT.matcher(error);
    if (error.startsWith("ERR ") && inScript.find()) {
      return inScript.group(1);
    }
    Matcher first = CODE.matcher(error);
    return first.lookingAt() ? first.group() : "";
  }

  /** Returns the code of the Redis error that is the cause; empty if there is none. */
  static String codeOf(Throwable failure) {
    return failure.getCause() instanceof RedisCommandExecutionException answer
            && answer.getMessage() != null
        ? code(answer.getMessage())
        : "";
  }

  /** Returns what Redis said about a failure; null if it gave no code. */
  static @Nullable BackendError backendError(Throwable failure) {
    String code = codeOf(failure);
    boolean duplicate = failure instanceof RedisWriteException own && own.isDuplicateKey();
    return duplicate || !code.isEmpty()
        ? new BackendError(null, code.isEmpty() ? null : code, duplicate)
        : null;
  }

  /** Returns what a failure means for its row. */
  static FailureKind classify(Throwable failure) {
    return failure instanceof RedisWriteException own
        ? own.kind()
        : FailureClassifier.standard().classify(failure);
  }

  static FailureKind kind(String error) {
    if (error.startsWith("ERR unknown command") || error.startsWith("ERR unknown subcommand")) {
      return FailureKind.PERMANENT;
    }
    if (error.startsWith("ERR max number of clients")) {
      return FailureKind.TRANSIENT;
    }
    return KINDS.getOrDefault(code(error), FailureKind.DATA);
  }

  /** Returns the failure of a command that Redis answered with an error. */
  static RedisWriteException answered(Schema schema, String error) {
    FailureKind kind = kind(error);
    return new RedisWriteException(
        kind,
        schema,
        null,
        "Redis answered " + (code(error).isEmpty() ? "an error" : code(error)),
        kind == FailureKind.UNUSABLE
            ? "Correct the user or the password that the writer connects with. The cause has"
                + " the error of Redis"
            : "The cause has the error of Redis",
        new RedisCommandExecutionException(error));
  }

  /** Returns the failure of a command that got no answer. */
  static RedisWriteException unanswered(Schema schema, boolean sent, @Nullable Throwable cause) {
    return sent
        ? new RedisWriteException(
            FailureKind.UNKNOWN,
            schema,
            null,
            "the command was sent and no answer came",
            "Look the key up, or declare the command repeatable if it is",
            cause)
        : new RedisWriteException(
            FailureKind.TRANSIENT,
            schema,
            null,
            "the command could not be sent",
            "The cause has the client's reason",
            cause);
  }

  /** Returns the failure to connect. A wrong password is permanent, a lost server is not. */
  static RedisWriteException notConnected(Schema schema, Throwable failure) {
    Throwable cause = failure instanceof RedisException ? failure : new RedisException(failure);
    return isRefusal(failure)
        ? new RedisWriteException(
            FailureKind.UNUSABLE,
            schema,
            null,
            "Redis refuses the connection",
            "Correct the address, the user, the password or the number of the database that the"
                + " writer connects with. The cause has the error of Redis",
            cause)
        : new RedisWriteException(
            FailureKind.TRANSIENT,
            schema,
            null,
            "no connection could be opened",
            "The cause has the client's reason",
            cause);
  }

  /** The client of a cluster has the answers of the nodes as suppressed exceptions. */
  private static boolean isRefusal(@Nullable Throwable failure) {
    if (failure == null) {
      return false;
    }
    boolean answered = failure instanceof RedisCommandExecutionException;
    String answer = failure.getMessage();
    return (answered && answer != null && isRefusal(answer))
        || isRefusal(failure.getCause())
        || Stream.of(failure.getSuppressed()).anyMatch(RedisErrors::isRefusal);
  }

  private static boolean isRefusal(String answer) {
    FailureKind kind = kind(answer);
    return kind == FailureKind.UNUSABLE
        || kind == FailureKind.PERMANENT
        || REFUSAL.matcher(answer).find();
  }
}
