package io.zookit.core.internal.request;

import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import org.apache.zookeeper.KeeperException.Code;

/** Maps result codes of ZooKeeper to exceptions, which say whether the effect may have happened. */
public final class KeeperErrors {

  private KeeperErrors() {}

  /** The exception of an answer that is not {@code OK}, for a request about a node. */
  public static ZkException of(Answer<?> answer, ZkPath path) {
    return answer.sent()
        ? of(answer.code(), path)
        : new ZkUnavailableException(path + ": not connected; nothing was sent");
  }

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
      case QUOTAEXCEEDED -> new ZkException(path + ": ZooKeeper's quota is used up");
      default ->
        Answer.isAnswered(code)
            ? new ZkException(path + ": ZooKeeper answered " + code)
            : new ZkUnavailableException(
                path + ": no answer from ZooKeeper (" + code + "); the outcome is unknown");
    };
  }
}
