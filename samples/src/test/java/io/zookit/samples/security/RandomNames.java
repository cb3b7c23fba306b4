package io.zookit.samples.security;

import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;

/** Names as users, attackers and accidents make them, and the rule that says which are good. */
final class RandomNames {

  private static final Pattern GOOD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int LONGEST_NESTED = 512;
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  private static final String[] TRICKS = {
    "",
    " ",
    ".",
    "..",
    "../x",
    "a/../b",
    "/a",
    "a/",
    "a//b",
    "/",
    "//",
    "%2e%2e",
    "a%2Fb",
    "~q",
    "~incarnation",
    "a~b",
    "zookeeper",
    "/zookeeper",
    ".hidden",
    "-x",
    "_x",
    "a b",
    "a\\b",
    "a:b",
    "a@b",
    "a\n",
    "a\r\nb",
    "\ta",
    "a\u0000",
    "\u0000",
    "\u007f",
    "\u0085",
    "a\u00a0",
    "\u202ea",
    "\ud800",
    "\udc00",
    "a\udfff",
    "\ud83d\ude00",
    "é",
    "ａ",
    "Ⅷ",
    "İ",
    "ß",
    "\ufeffa",
    "a\u0301",
    "\u200b",
    "${jndi:x}",
    "$(touch x)",
    "';--",
    "*",
    "?",
    "#",
    "a,b",
    "{}",
    "%n%s",
    "null",
    "NaN"
  };

  private final Random random;

  RandomNames(long seed) {
    random = new Random(seed);
  }

  /** Returns whether it is a valid name of one element. */
  static boolean isGood(String name) {
    return GOOD.matcher(name).matches();
  }

  /** Returns whether it is a valid name of one element or of several separated by slashes. */
  static boolean isGoodNested(String name) {
    return name.length() <= LONGEST_NESTED && areGood(name);
  }

  /** Returns whether each of its elements is a valid name. */
  static boolean areGood(String name) {
    return Arrays.stream(name.split("/", -1)).allMatch(RandomNames::isGood);
  }

  String next() {
    return switch (random.nextInt(9)) {
      case 0 -> good(1 + random.nextInt(128));
      case 1 -> good(1 + random.nextInt(20)) + "/" + good(1 + random.nextInt(20));
      case 2 -> broken(good(1 + random.nextInt(30)));
      case 3 -> TRICKS[random.nextInt(TRICKS.length)];
      case 4 -> good(3) + TRICKS[random.nextInt(TRICKS.length)] + good(3);
      case 5 -> characters(random.nextInt(40), 0, 0x20);
      case 6 -> characters(random.nextInt(40), 0, 0x10000);
      case 7 -> characters(random.nextInt(20), 0xd800, 0xe000);
      default ->
        good(random.nextBoolean() ? 127 + random.nextInt(4) : 500 + random.nextInt(20_000));
    };
  }

  private String good(int length) {
    StringBuilder name = new StringBuilder();
    name.append(LETTERS.charAt(random.nextInt(62)));
    while (name.length() < length) {
      name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return name.toString();
  }

  private String broken(String name) {
    int at = random.nextInt(name.length() + 1);
    return name.substring(0, at) + (char) random.nextInt(0x10000) + name.substring(at);
  }

  private String characters(int length, int least, int bound) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < length; i++) {
      name.append((char) (least + random.nextInt(bound - least)));
    }
    return name.toString();
  }
}
