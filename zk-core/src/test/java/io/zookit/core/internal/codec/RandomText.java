package io.zookit.core.internal.codec;

import java.util.Random;

/** Text of up to eleven characters, some of them outside the basic plane. */
final class RandomText {

  private RandomText() {}

  static String of(Random random) {
    return random
        .ints(random.nextInt(12), 0, 0x11000)
        .map(c -> Character.isSurrogate((char) c) ? 0x1f600 : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
