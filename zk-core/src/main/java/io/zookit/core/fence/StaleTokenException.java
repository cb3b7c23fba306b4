package io.zookit.core.fence;

import io.zookit.core.FencingToken;
import io.zookit.core.ZkException;

/**
 * A fence refused a holder: a newer one has touched the resource, so the lock behind this token is lost. The operation
 * has not happened and the mark is unchanged. Asking again cannot help; acquire the lock again.
 *
 * <p>When <i>every</i> holder is refused from some moment on, ZooKeeper's data was lost or restored and its numbers
 * began again: see {@link io.zookit.core.ZkClient#raiseIncarnation}.
 */
public class StaleTokenException extends ZkException {

  private final String resource;
  private final transient FencingToken token;
  private final transient FenceMark mark;

  /** Creates an exception. */
  public StaleTokenException(String resource, FencingToken token, FenceMode mode, FenceMark mark) {
    super("fence " + resource + ": " + mode + " token " + token + " is stale (last write "
        + mark.lastWrite() + ", last read " + mark.lastRead() + ")");
    this.resource = resource;
    this.token = token;
    this.mark = mark;
  }

  /** The resource that was not touched. */
  public String resource() {
    return resource;
  }

  /** The token that was presented. */
  public FencingToken token() {
    return token;
  }

  /** The mark that refused it. */
  public FenceMark mark() {
    return mark;
  }
}
