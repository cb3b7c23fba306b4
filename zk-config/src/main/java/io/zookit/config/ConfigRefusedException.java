package io.zookit.config;

import io.zookit.core.ZkException;

/** The state of the namespace, or its policy, does not allow the change now. Nothing has happened. */
public final class ConfigRefusedException extends ZkException {

  ConfigRefusedException(Namespace namespace, String reason) {
    super(namespace + ": " + reason);
  }
}
