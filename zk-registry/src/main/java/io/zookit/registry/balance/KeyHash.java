package io.zookit.registry.balance;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/** Hashes that are the same in every process and version: MurmurHash3. */
public final class KeyHash {

  private static final HashFunction HASH = Hashing.murmur3_128();

  private KeyHash() {}

  /** The hash of a text. */
  public static long of(String text) {
    return HASH.hashString(text, StandardCharsets.UTF_8).asLong();
  }

  /** Another hash of a hash, for each salt. */
  static long mix(long hash, long salt) {
    long mixed = (hash ^ salt) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }

  /** A hash as a number of 0 to less than 1. */
  static double share(long hash) {
    return (hash >>> 11) * 0x1.0p-53;
  }
}
