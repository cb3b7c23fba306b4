package io.zookit.config.gray;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of IP addresses, of version 4 or 6. Names are never resolved. */
record Cidr(String text) {

  private static final Pattern LITERAL =
      Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final Pattern FOUR = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  Cidr {
    if (prefix(text) < 0) {
      throw new IllegalArgumentException(
          "ip: \"" + text + "\" (expected: an address or address/bits)");
    }
  }

  boolean contains(String address) {
    Optional<byte[]> mine = bytes(base(text));
    Optional<byte[]> other = bytes(address);
    if (mine.isEmpty() || other.isEmpty() || mine.get().length != other.get().length) {
      return false;
    }
    int bits = prefix(text);
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((mine.get()[i / 8] & mask) != (other.get()[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** The bytes of an address; empty when it is none. */
  static Optional<byte[]> bytes(String literal) {
    boolean four = FOUR.matcher(literal).matches();
    if (!LITERAL.matcher(literal).matches() || (literal.indexOf(':') < 0 && !four)) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(literal).getAddress());
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static String base(String text) {
    int slash = text.indexOf('/');
    return slash < 0 ? text : text.substring(0, slash);
  }

  /** The number of bits that count; −1 if the text is not a range. */
  private static int prefix(String text) {
    Optional<byte[]> base = bytes(base(text));
    if (base.isEmpty()) {
      return -1;
    }
    int all = base.get().length * 8;
    int slash = text.indexOf('/');
    if (slash < 0) {
      return all;
    }
    String bits = text.substring(slash + 1);
    if (!bits.matches("\\d{1,3}") || Integer.parseInt(bits) > all) {
      return -1;
    }
    return Integer.parseInt(bits);
  }
}
