package io.zookit.admin.cli;

import java.util.Optional;

/**
 * The settings of a named connection.
 *
 * @param connect {@code host:port[,host:port...][/chroot]}
 * @param root the path everything lives under
 * @param user of the digest scheme
 * @param password of the user, if it is stored in the file
 * @param passwordFile the file whose first line is the password
 * @param allowUnauthenticated whether servers that are not on this machine may be queried without credentials
 * @param color when to write in colour
 * @param tls how the connection is protected
 */
public record Context(
    String connect,
    Optional<String> root,
    Optional<String> user,
    Optional<String> password,
    Optional<String> passwordFile,
    boolean allowUnauthenticated,
    Optional<String> color,
    Optional<Tls> tls) {

  /**
   * TLS, with files in the formats ZooKeeper's client takes (JKS, PEM, PKCS12).
   *
   * @param trustStore the certificates to trust
   * @param trustStorePasswordFile the file whose first line opens it
   * @param keyStore the client's own certificate and key, for servers that request one
   * @param keyStorePasswordFile the file whose first line opens it
   */
  public record Tls(
      Optional<String> trustStore,
      Optional<String> trustStorePasswordFile,
      Optional<String> keyStore,
      Optional<String> keyStorePasswordFile) {}

  /** A connection of which nothing else is said. */
  public static Context to(String connect) {
    return new Context(
        connect,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty());
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Context[" + connect + "]";
  }
}
