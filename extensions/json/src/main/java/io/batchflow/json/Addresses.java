package io.batchflow.json;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Converts Internet addresses to text and back without a name lookup. Omits names and scopes, as
 * {@link InetAddress#equals} does.
 */
final class Addresses {

  private static final int GROUPS = 8;

  private Addresses() {}

  static String text(InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  static InetAddress address(String text) {
    try {
      return InetAddress.getByAddress(text.indexOf(':') < 0 ? four(text) : six(text));
    } catch (UnknownHostException broken) {
      throw new IllegalArgumentException(broken);
    }
  }

  private static byte[] four(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
    for (String number : parts(text, "\\.", Integer.BYTES)) {
      bytes.put((byte) between(Integer.parseInt(number), 0xff));
    }
    return bytes.array();
  }

  private static byte[] six(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(GROUPS * Short.BYTES);
    for (String group : parts(text, ":", GROUPS)) {
      bytes.putShort((short) between(Integer.parseInt(group, 16), 0xffff));
    }
    return bytes.array();
  }

  private static List<String> parts(String text, String separator, int count) {
    List<String> parts = List.of(text.split(separator, count + 1));
    if (parts.size() != count) {
      throw new IllegalArgumentException("It is not an address");
    }
    return parts;
  }

  private static int between(int number, int max) {
    if (number < 0 || number > max) {
      throw new IllegalArgumentException("It is not a part of an address");
    }
    return number;
  }
}
