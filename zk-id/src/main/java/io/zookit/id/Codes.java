package io.zookit.id;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zookit.id.internal.codes.Permutation;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Numbers as short codes that cannot be guessed: coupons, vouchers, short links.
 *
 * <pre>{@code
 * Codes coupons = Codes.permuted(key, "CAMPAIGN-7");
 * String code = coupons.code(n);
 * OptionalLong number = coupons.number(code);
 * }</pre>
 *
 * <p>Different numbers have different codes, so codes of a {@link Sequence} or {@link Segments} are unique. A code tells neither
 * its number nor how many there are, and is checked without storage: of {@code 2^tagBits} invented codes about one is accepted.
 * Nothing else is kept secret but the key, at least 16 bytes, which must not change while codes are in use; neither must the
 * domain, the length, the alphabet, the tag bits and the version. {@link #fingerprint} shows whether two processes have the
 * same.
 *
 * <p><i>Format:</i> a character for the version, then the permuted number in the digits of the alphabet, most significant first.
 * The number, followed by {@code tagBits} zero bits, is permuted by a keyed Feistel network over all combinations (HMAC-SHA-256,
 * 12 rounds); a code is valid if the zero bits come back.
 *
 * <p>Immutable. <i>Threads:</i> any. <i>Cost:</i> no request; 12 to about 50 HMACs a code.
 */
public final class Codes {

  /** Digits and capital letters that are not mistaken for each other: without 0, 1, I and O. */
  public static final String CLEAR_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

  /** The least number of bits by which a code is checked. */
  public static final int LEAST_TAG_BITS = 20;

  private static final int LEAST_KEY_BYTES = 16;
  private static final int MOST_BITS = 62;
  private static final String PURPOSE = "zookit codes 1";

  private final byte[] key;
  private final String domain;
  private final String alphabet;
  private final int length;
  private final int tagBits;
  private final int version;
  private final long numbers;
  private final byte[] derived;
  private final Permutation permutation;

  private Codes(byte[] key, String domain, String alphabet, int length, int tagBits, int version) {
    this.key = key;
    this.domain = domain;
    this.alphabet = alphabet;
    this.length = length;
    this.tagBits = tagBits;
    this.version = version;
    this.numbers = combinations(alphabet.length(), length - 1) >> tagBits;
    if (numbers < 2) {
      throw new IllegalArgumentException("length: " + length + " with " + alphabet.length()
          + " characters and " + tagBits + " tag bits leaves no numbers (expected: a longer code)");
    }
    this.derived = Permutation.derive(key, purpose(domain, alphabet, length, tagBits, version));
    this.permutation = new Permutation(derived, numbers << tagBits);
  }

  private static long combinations(int characters, int digits) {
    long combinations = 1;
    for (int i = 0; i < digits; i++) {
      combinations = Math.min(1L << MOST_BITS, multiplyCapped(combinations, characters));
    }
    return combinations;
  }

  private static long multiplyCapped(long a, int b) {
    return a > (1L << MOST_BITS) / b ? 1L << MOST_BITS : a * b;
  }

  /** Each part with its length in front, so that no two settings have the same bytes. */
  private static byte[] purpose(
      String domain, String alphabet, int length, int tagBits, int version) {
    byte[] name = domain.getBytes(UTF_8);
    byte[] characters = alphabet.getBytes(UTF_8);
    byte[] purpose = PURPOSE.getBytes(UTF_8);
    return ByteBuffer.allocate(purpose.length + name.length + characters.length + 5 * Integer.BYTES)
        .put(purpose)
        .putInt(name.length)
        .put(name)
        .putInt(characters.length)
        .put(characters)
        .putInt(length)
        .putInt(tagBits)
        .putInt(version)
        .array();
  }

  /**
   * Codes of 12 characters with 24 tag bits, for 2^31 numbers.
   *
   * @param key at least 16 random bytes, kept secret
   * @param domain what the codes are for; codes of one domain are not valid in another
   */
  public static Codes permuted(byte[] key, String domain) {
    if (key.length < LEAST_KEY_BYTES) {
      throw new IllegalArgumentException(
          "key: " + key.length + " bytes (expected: " + LEAST_KEY_BYTES + " or more)");
    }
    return new Codes(key.clone(), domain, CLEAR_CHARACTERS, 12, 24, 0);
  }

  /**
   * A copy with another length.
   *
   * @param characters of a code, the one for the version included; enough that numbers are left
   */
  public Codes length(int characters) {
    if (characters < 2 || characters > 64) {
      throw new IllegalArgumentException("length: " + characters + " (expected: 2 to 64)");
    }
    return new Codes(key, domain, alphabet, characters, tagBits, version);
  }

  /**
   * A copy with other characters. If none of them is a lower-case letter, codes are read in either case.
   *
   * @param characters 2 to 64 visible ASCII characters, each once
   */
  public Codes alphabet(String characters) {
    boolean visible = characters.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (!visible
        || characters.length() < 2
        || characters.length() > 64
        || characters.chars().distinct().count() != characters.length()) {
      throw new IllegalArgumentException("alphabet: \"" + characters
          + "\" (expected: 2 to 64 visible ASCII characters, each once)");
    }
    return new Codes(key, domain, characters, length, tagBits, version);
  }

  /**
   * A copy that is checked by another number of bits: more make codes harder to invent, and leave fewer numbers.
   *
   * @param bits {@value #LEAST_TAG_BITS} to 60
   */
  public Codes tagBits(int bits) {
    if (bits < LEAST_TAG_BITS || bits > 60) {
      throw new IllegalArgumentException(
          "tagBits: " + bits + " (expected: " + LEAST_TAG_BITS + " to 60)");
    }
    return new Codes(key, domain, alphabet, length, bits, version);
  }

  /**
   * A copy with another first character, for another key: a reader chooses the codes by it.
   *
   * @param number 0, unless set, to the number of characters less one
   */
  public Codes version(int number) {
    if (number < 0 || number >= alphabet.length()) {
      throw new IllegalArgumentException(
          "version: " + number + " (expected: 0 to " + (alphabet.length() - 1) + ")");
    }
    return new Codes(key, domain, alphabet, length, tagBits, number);
  }

  /** The number of numbers that have a code: 0 to one less. */
  public long numbers() {
    return numbers;
  }

  /**
   * Returns the code of a number.
   *
   * @param number 0 to {@link #numbers} less one; others have no code, and nothing is taken modulo
   */
  public String code(long number) {
    if (number < 0 || number >= numbers) {
      throw new IllegalArgumentException(
          "number: " + number + " (expected: 0 to " + (numbers - 1) + ")");
    }
    long rest = permutation.apply(number << tagBits);
    char[] code = new char[length];
    for (int i = length - 1; i > 0; i--) {
      code[i] = alphabet.charAt((int) (rest % alphabet.length()));
      rest /= alphabet.length();
    }
    code[0] = alphabet.charAt(version);
    return new String(code);
  }

  /** Returns the number of a code; empty if it was not created by {@link #code} with the same key and settings. */
  public OptionalLong number(String code) {
    String given = isUpperCase() ? code.toUpperCase(Locale.ROOT) : code;
    if (given.length() != length || alphabet.indexOf(given.charAt(0)) != version) {
      return OptionalLong.empty();
    }
    long limit = numbers << tagBits;
    long value = 0;
    for (int i = 1; i < length; i++) {
      int digit = alphabet.indexOf(given.charAt(i));
      if (digit < 0 || value > (limit - 1 - digit) / alphabet.length()) {
        return OptionalLong.empty();
      }
      value = value * alphabet.length() + digit;
    }
    long number = permutation.invert(value);
    long tag = number & ((1L << tagBits) - 1);
    return tag == 0 ? OptionalLong.of(number >> tagBits) : OptionalLong.empty();
  }

  private boolean isUpperCase() {
    return alphabet.chars().noneMatch(c -> c >= 'a' && c <= 'z');
  }

  /**
   * A short text that is equal for codes with the same key and settings, to be compared by processes and kept with the
   * numbers; it does not show the key.
   */
  public String fingerprint() {
    byte[] digest = Permutation.derive(derived, "fingerprint".getBytes(UTF_8));
    return HexFormat.of().formatHex(digest, 0, 8);
  }

  /** The domain and the fingerprint. */
  @Override
  public String toString() {
    return "codes " + domain + " " + fingerprint();
  }
}
