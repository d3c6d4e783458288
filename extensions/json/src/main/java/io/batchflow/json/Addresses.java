package io.batchflow.json;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Internet addresses as text, and back without asking anyone for a name. Names and scopes are left
 * out, as {@link InetAddress#equals} does.
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
      throw new IllegalArgumentException("It is no address");
    }
    return parts;
  }

  private static int between(int number, int max) {
    if (number < 0 || number > max) {
      throw new IllegalArgumentException("It is no part of an address");
    }
    return number;
  }
}
