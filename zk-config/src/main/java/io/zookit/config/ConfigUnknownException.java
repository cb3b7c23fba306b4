package io.zookit.config;

import io.zookit.core.ZkUnavailableException;

/**
 * The answer to a change was lost and could not be found out in time: it was applied once or not at all. {@link
 * History#outcome} tells by the id, as soon as ZooKeeper can be reached.
 */
public final class ConfigUnknownException extends ZkUnavailableException {

  private final Namespace namespace;
  private final String publishId;

  /** Creates an exception; the outcome can be queried by the id of the publish. */
  public ConfigUnknownException(Namespace namespace, String publishId) {
    super(namespace + ": no answer from ZooKeeper; the change " + publishId
        + " was applied once or not at all, ask for its outcome");
    this.namespace = namespace;
    this.publishId = publishId;
  }

  /** The namespace. */
  public Namespace namespace() {
    return namespace;
  }

  /** The id of the change. */
  public String publishId() {
    return publishId;
  }
}
