package io.batchflow.redis;

import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * A command's name as it is sent. Its {@code toString} is not the name, by which Lettuce would
 * recognize MULTI and EXEC and keep a transaction's state for the whole connection.
 */
final class CommandKeyword implements ProtocolKeyword {

  /** What would change the connection for all other commands on it, or hold them up. */
  private static final Set<String> FOR_ONESELF =
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

  /** Returns what is wrong with a command of a caller's; empty if nothing is. */
  static String problem(String name) {
    if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
      return "is not a command's name: one word in ASCII";
    }
    return FOR_ONESELF.contains(name.toUpperCase(Locale.ROOT))
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
