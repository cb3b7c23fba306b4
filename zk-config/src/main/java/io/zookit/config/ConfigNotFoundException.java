package io.zookit.config;

import io.zookit.core.ZkException;

/** A namespace, release, draft or gray release is not there. Nothing has happened. */
public final class ConfigNotFoundException extends ZkException {

  public ConfigNotFoundException(Namespace namespace, String what) {
    super(namespace + ": " + what + " is not there");
  }
}
