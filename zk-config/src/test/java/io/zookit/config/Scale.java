package io.zookit.config;

/** The size of an experiment: reduced in every build, in full with {@code -Pnightly}. */
final class Scale {

  private static final boolean FULL = Boolean.getBoolean("zookit.chaos");

  private Scale() {}

  static int of(int reduced, int full) {
    return FULL ? full : reduced;
  }
}
