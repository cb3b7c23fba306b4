package io.zookit.config.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM with a random nonce in front of the ciphertext, and HMAC-SHA-256. */
final class AesGcm {

  static final int KEY_SIZE = 32;
  private static final int NONCE_SIZE = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private AesGcm() {}

  static byte[] newKey() {
    byte[] key = new byte[KEY_SIZE];
    RANDOM.nextBytes(key);
    return key;
  }

  static byte[] seal(byte[] key, byte[] plain, String bound) {
    byte[] nonce = new byte[NONCE_SIZE];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, bound).doFinal(plain);
      byte[] all = Arrays.copyOf(nonce, NONCE_SIZE + sealed.length);
      System.arraycopy(sealed, 0, all, NONCE_SIZE, sealed.length);
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no AES-GCM", e);
    }
  }

  static byte[] open(byte[] key, byte[] sealed, String bound) throws GeneralSecurityException {
    if (sealed.length < NONCE_SIZE + TAG_BITS / 8) {
      throw new GeneralSecurityException("cut short");
    }
    byte[] nonce = Arrays.copyOf(sealed, NONCE_SIZE);
    return cipher(Cipher.DECRYPT_MODE, key, nonce, bound)
        .doFinal(sealed, NONCE_SIZE, sealed.length - NONCE_SIZE);
  }

  static byte[] mac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no HMAC-SHA-256", e);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce, String bound)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
