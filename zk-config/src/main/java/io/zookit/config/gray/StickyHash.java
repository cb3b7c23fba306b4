package io.zookit.config.gray;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The number that decides whether an instance is within a dose: the first eight bytes of {@code SHA-256(salt + "|" +
 * namespace + "|" + instanceId)} in UTF-8, unsigned, most significant first. Other languages compute the same.
 */
public final class StickyHash {

  private StickyHash() {}

  /** The hash of an instance, to be compared unsigned. */
  public static long of(String salt, String namespace, String instanceId) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] sum =
          sha.digest((salt + "|" + namespace + "|" + instanceId).getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(sum).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }
}
