package io.zookit.core;

/**
 * An identity that ZooKeeper has accepted for a connection, as its servers name it.
 *
 * <p>The name of a digest user does not contain the hash of the password, so two users of the same name and different
 * passwords are equal here. ZooKeeper accepts any password for any digest user: what the name is worth is decided by the
 * access lists, which do contain the hash.
 *
 * @param scheme ZooKeeper's name of the scheme: {@code digest}, {@code x509}, {@code sasl}
 * @param name the digest user, the distinguished name of the certificate, or the SASL principal
 */
public record AuthenticatedIdentity(String scheme, String name) {

  /** Tells if an entry of an access list may denote this identity: it is equal, or a digest user of this name. */
  public boolean isNamedBy(Identity identity) {
    return scheme.equals(identity.scheme())
        && (name.equals(identity.id())
            || (scheme.equals("digest") && identity.id().startsWith(name + ":")));
  }

  /** Scheme and name with a colon between, such as {@code digest:ana}. */
  @Override
  public String toString() {
    return scheme + ":" + name;
  }
}
