package io.zookit.config.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A key that values are sealed with. Two keys are derived of it, one to encrypt and one to mark; neither is shown.
 *
 * <p>Immutable.
 */
public final class DataKey {

  private static final int MARK_SIZE = 16;

  private final String id;
  private final byte[] encrypting;
  private final byte[] marking;

  private DataKey(String id, byte[] key) {
    this.id = id;
    this.encrypting = AesGcm.mac(key, "zookit config seal".getBytes(StandardCharsets.UTF_8));
    this.marking = AesGcm.mac(key, "zookit config mark".getBytes(StandardCharsets.UTF_8));
  }

  /** A new random key, wrapped. */
  public static KeyProvider.Wrapped create(KeyProvider provider, String bound) {
    return provider.wrap(AesGcm.newKey(), bound);
  }

  /** A stored key re-wrapped with the provider's current key. */
  public static KeyProvider.Wrapped rewrap(
      KeyProvider provider, KeyProvider.Wrapped wrapped, String bound) {
    return provider.wrap(provider.unwrap(wrapped, bound), bound);
  }

  /** A stored key, ready to use. */
  public static DataKey unwrap(
      String id, KeyProvider provider, KeyProvider.Wrapped wrapped, String bound) {
    return new DataKey(id, provider.unwrap(wrapped, bound));
  }

  /** Its name. */
  public String id() {
    return id;
  }

  /** Seals a value for one place. */
  public SealedValue seal(String value, String place) {
    byte[] plain = value.getBytes(StandardCharsets.UTF_8);
    return new SealedValue(id, AesGcm.seal(encrypting, plain, place), mark(plain, place));
  }

  /** Tells if a value is what was sealed for a place, as far as the mark says. */
  public boolean marks(SealedValue sealed, String value, String place) {
    return sealed.keyId().equals(id)
        && MessageDigest.isEqual(
            sealed.mark(), mark(value.getBytes(StandardCharsets.UTF_8), place));
  }

  /**
   * Opens a value.
   *
   * @throws SecretException if it was sealed with another key or for another place, or was changed
   */
  public String open(SealedValue sealed, String place) {
    try {
      return new String(AesGcm.open(encrypting, sealed.bytes(), place), StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new SecretException(place + ": the sealed value was changed, or belongs elsewhere", e);
    }
  }

  @Override
  public String toString() {
    return "data key " + id;
  }

  private byte[] mark(byte[] plain, String place) {
    byte[] mac = AesGcm.mac(marking, place.getBytes(StandardCharsets.UTF_8), new byte[] {0}, plain);
    return Arrays.copyOf(mac, MARK_SIZE);
  }
}
