package io.batchflow.redis;

import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * The name of a command. Its {@code toString} is not the name: Lettuce would recognize MULTI and
 * EXEC by it, and keep the state of a transaction for the whole connection.
 */
final class CommandKeyword implements ProtocolKeyword {

  /** Commands that would change the connection for all other commands, or block them. */
  private static final Set<String> FORBIDDEN =
      Set.of(
          "AUTH",
          "BLMOVE",
          "BLMPOP",
          "BLPOP",
          "BRPOP",
          "BRPOPLPUSH",
          "BZMPOP",
          "BZPOPMAX",
          "BZPOPMIN",
          "CLIENT",
          "DISCARD",
          "EXEC",
          "HELLO",
          "MONITOR",
          "MULTI",
          "PSUBSCRIBE",
          "PSYNC",
          "PUNSUBSCRIBE",
          "QUIT",
          "READONLY",
          "READWRITE",
          "RESET",
          "SELECT",
          "SHUTDOWN",
          "SSUBSCRIBE",
          "SUBSCRIBE",
          "SUNSUBSCRIBE",
          "SYNC",
          "UNSUBSCRIBE",
          "UNWATCH",
          "WAIT",
          "WAITAOF",
          "WATCH");

  private final byte[] bytes;

  CommandKeyword(String name) {
    this.bytes = name.getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns why a command is not allowed; empty if it is. */
  static String problem(String name) {
    if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
      return "is not a command name, which is one word in ASCII";
    }
    return FORBIDDEN.contains(name.toUpperCase(Locale.ROOT))
        ? "is a command that changes or blocks the connection, which all batches share"
        : "";
  }

  @Override
  public byte[] getBytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return "BatchFlow's " + new String(bytes, StandardCharsets.US_ASCII);
  }
}
