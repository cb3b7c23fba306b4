package io.zookit.core.internal.request;

import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.node.ZkPath;
import org.apache.zookeeper.KeeperException.Code;

/** What a caller is told of a result code. */
public final class Failures {

  private Failures() {}

  /** The exception of a code that is not {@code OK}, for a request about a node. */
  public static ZkException of(Code code, ZkPath path) {
    return switch (code) {
      case NOAUTH ->
        new ZkAccessException(path + ": ZooKeeper refuses this client's credentials (NoAuth)");
      case INVALIDACL ->
        new ZkAccessException(path + ": the server knows no identity of this connection, or an"
            + " identity of the access policy is not valid (InvalidACL)");
      case AUTHFAILED, SESSIONCLOSEDREQUIRESASLAUTH ->
        new ZkAccessException(
            path + ": ZooKeeper refuses this client's credentials (" + code + ")");
      case CONNECTIONLOSS,
          OPERATIONTIMEOUT,
          REQUESTTIMEOUT,
          SESSIONEXPIRED,
          SESSIONMOVED,
          SYSTEMERROR ->
        new ZkUnavailableException(
            path + ": no answer from ZooKeeper (" + code + "); the outcome is unknown");
      case QUOTAEXCEEDED -> new ZkException(path + ": ZooKeeper's quota is used up");
      default -> new ZkException(path + ": ZooKeeper answered " + code);
    };
  }
}
