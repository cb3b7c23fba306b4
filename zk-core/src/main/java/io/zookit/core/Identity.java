package io.zookit.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Somebody whom ZooKeeper can tell from others: a scheme and an id in that scheme.
 *
 * @param scheme ZooKeeper's name of the scheme: {@code digest}, {@code x509}, {@code sasl}, {@code world}, {@code auth}
 * @param id the id; for {@code digest} it is {@code user:hash}, never the password
 */
public record Identity(String scheme, String id) {

  /** A user of the digest scheme; the password is hashed at once and not kept. */
  public static Identity digest(String user, String password) {
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "user: \"" + user + "\" (expected: one character or more, no colon)");
    }
    return new Identity("digest", user + ":" + hash(user + ":" + password));
  }

  /** The holder of a client certificate, by its distinguished name. */
  public static Identity x509(String distinguishedName) {
    return new Identity("x509", distinguishedName);
  }

  /** A SASL principal. */
  public static Identity sasl(String principal) {
    return new Identity("sasl", principal);
  }

  /** Everybody. */
  public static Identity anyone() {
    return new Identity("world", "anyone");
  }

  /** Whoever creates the node, with all identities its connection has. */
  public static Identity creator() {
    return new Identity("auth", "");
  }

  /** ZooKeeper's digest scheme is defined over SHA-1; use TLS where that matters. */
  private static String hash(String credentials) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA1").digest(credentials.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-1", e);
    }
  }
}
