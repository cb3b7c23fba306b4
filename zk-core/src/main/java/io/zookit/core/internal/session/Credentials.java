package io.zookit.core.internal.session;

import io.zookit.core.Identity;

/**
 * Proof of an identity. The secret is never printed.
 *
 * @param scheme of ZooKeeper's authentication
 * @param secret as the scheme expects it, such as {@code user:password}
 * @param identity what the servers call a client that proves it
 */
public record Credentials(String scheme, String secret, Identity identity) {

  @Override
  public String toString() {
    return scheme;
  }
}
