package io.zookit.id.internal.codes;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A permutation of the numbers from 0 to a limit that looks random to everyone without the key.
 *
 * <p>A balanced Feistel network of {@value #ROUNDS} rounds, whose round function is HMAC-SHA-256, over the least even number of
 * bits that holds the domain. Results outside the domain are permuted again until they are inside (cycle walking), which needs
 * fewer than four passes on average and keeps it a bijection.
 *
 * <p><i>Threads:</i> any.
 *
 * <p><i>Cost:</i> {@value #ROUNDS} HMACs a pass.
 */
public final class Permutation {

  /** The rounds of a pass. */
  public static final int ROUNDS = 12;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final long size;
  private final int halfBits;
  private final long halfMask;

  /**
   * A permutation of a domain.
   *
   * @param key for this domain alone
   * @param size of the domain, 2 to 2^62
   */
  public Permutation(byte[] key, long size) {
    if (size < 2 || size > 1L << 62) {
      throw new IllegalArgumentException("size: " + size + " (expected: 2 to 2^62)");
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
    this.size = size;
    int bits = 64 - Long.numberOfLeadingZeros(size - 1);
    this.halfBits = (bits + 1) / 2;
    this.halfMask = (1L << halfBits) - 1;
  }

  /** Returns the image of a number of the domain. */
  public long apply(long number) {
    requireInside(number);
    Mac mac = mac(key);
    long image = number;
    do {
      image = forwards(mac, image);
    } while (image >= size);
    return image;
  }

  /** Returns the number whose image is given. */
  public long invert(long image) {
    requireInside(image);
    Mac mac = mac(key);
    long number = image;
    do {
      number = backwards(mac, number);
    } while (number >= size);
    return number;
  }

  private void requireInside(long number) {
    if (number < 0 || number >= size) {
      throw new IllegalArgumentException(
          "number: " + number + " (expected: 0 to " + (size - 1) + ")");
    }
  }

  private long forwards(Mac mac, long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ scramble(mac, round, right);
      left = right;
      right = next;
    }
    return (left << halfBits) | right;
  }

  private long backwards(Mac mac, long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = ROUNDS - 1; round >= 0; round--) {
      long previous = right ^ scramble(mac, round, left);
      right = left;
      left = previous;
    }
    return (left << halfBits) | right;
  }

  private long scramble(Mac mac, int round, long half) {
    byte[] input = ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
        .putInt(round)
        .putLong(half)
        .array();
    return ByteBuffer.wrap(mac.doFinal(input)).getLong() & halfMask;
  }

  /** Returns a key that is derived from another one for a purpose. */
  public static byte[] derive(byte[] key, byte[] purpose) {
    return mac(new SecretKeySpec(key, ALGORITHM)).doFinal(purpose);
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
