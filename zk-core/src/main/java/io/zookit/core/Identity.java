package io.zookit.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A subject of access lists: a scheme and an id in that scheme.
 *
 * @param scheme ZooKeeper's name of the scheme: {@code digest}, {@code x509}, {@code sasl}, {@code world}, {@code auth}
 * @param id the id; for {@code digest} it is {@code user:hash}, never the password
 */
public record Identity(String scheme, String id) {

  /** A user of the digest scheme; the password is hashed at once and not kept. */
  public static Identity digest(String user, String password) {
    return digest(user, password, "SHA1");
  }

  /**
   * A user of the digest scheme at servers that hash passwords by another algorithm than SHA-1; the password is hashed at
   * once and not kept.
   *
   * @param algorithm what the servers' {@code zookeeper.DigestAuthenticationProvider.digestAlg} says, such as {@code
   *     SHA-256}
   * @throws IllegalArgumentException if the user is empty or has a colon, or if this JVM does not know the algorithm
   */
  public static Identity digest(String user, String password, String algorithm) {
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "user: \"" + user + "\" (expected: one character or more, no colon)");
    }
    return new Identity("digest", user + ":" + hash(user + ":" + password, algorithm));
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

  /** The client that creates the node, with all identities of its connection. */
  public static Identity creator() {
    return new Identity("auth", "");
  }

  /**
   * Reads an identity as it is typed and stored.
   *
   * @param text {@code scheme:id}, such as {@code digest:ana:hash}, {@code x509:CN=shop} or {@code sasl:ana@EXAMPLE.ORG}
   * @throws IllegalArgumentException if there is no scheme or no id, or if the id of a digest user has no hash
   */
  public static Identity parse(String text) {
    int colon = text.indexOf(':');
    boolean digest = text.startsWith("digest:");
    int hash = digest ? text.indexOf(':', colon + 1) : 0;
    if (colon < 1 || colon + 1 == text.length() || (digest && !isUserAndHash(text, colon, hash))) {
      throw new IllegalArgumentException("identity: \"" + (digest ? "digest:..." : text)
          + "\" (expected: digest:NAME:HASH, x509:DISTINGUISHED NAME or sasl:PRINCIPAL)");
    }
    return new Identity(text.substring(0, colon), text.substring(colon + 1));
  }

  private static boolean isUserAndHash(String text, int colon, int hash) {
    return hash > colon + 1 && hash + 1 < text.length() && text.indexOf(':', hash + 1) < 0;
  }

  /** The form that {@link #parse} reads; with the hash of a digest user. */
  public String asText() {
    return scheme + ":" + id;
  }

  /** Scheme and id with a colon between; of a digest user without the hash. */
  @Override
  public String toString() {
    return scheme + ":" + (scheme.equals("digest") ? id.replaceFirst(":.*", "") : id);
  }

  /** Servers take SHA-1 unless they are configured otherwise; use TLS where that matters. */
  private static String hash(String credentials, String algorithm) {
    try {
      byte[] sum =
          MessageDigest.getInstance(algorithm).digest(credentials.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException(
          "algorithm: \"" + algorithm + "\" (expected: one that this JVM knows)", e);
    }
  }
}
