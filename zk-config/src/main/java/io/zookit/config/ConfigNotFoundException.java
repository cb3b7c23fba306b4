package io.zookit.config;

import io.zookit.core.ZkException;

/** A namespace, release, draft or gray release is not there. Nothing has happened. */
public final class ConfigNotFoundException extends ZkException {

  /** Creates an exception; {@code what} begins its text, behind the namespace. */
  public ConfigNotFoundException(Namespace namespace, String what) {
    super(namespace + ": " + what + " is not there");
  }
}
